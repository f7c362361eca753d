//! How far something is that takes a while, on a terminal and only there.

use std::time::{Duration, Instant};

use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget};

/// Nothing is shown of what is done before that.
const A_WHILE: Duration = Duration::from_secs(1);

/// Counts rows. Gone from the screen when dropped.
pub struct Progress {
    began: Instant,
    what: String,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// "Reading form.csv".
    pub fn new(doing: &str, what: &str) -> Self {
        Self { began: Instant::now(), what: format!("{doing} {what}"), bar: None }
    }

    /// Says how many there were so far.
    pub fn at(&mut self, count: usize) {
        // Asking for the time at each row would take longer than the row.
        if !count.is_multiple_of(1024) || self.began.elapsed() < A_WHILE {
            return;
        }
        let bar = self.bar.get_or_insert_with(|| {
            ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr())
        });
        bar.set_message(format!("{}: {}", self.what, HumanCount(count as u64)));
        bar.tick();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
