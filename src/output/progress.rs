//! How far something is that takes a while, on a terminal and only there.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Nothing is shown of what is done before that.
const A_WHILE: Duration = Duration::from_secs(1);

/// How often what is shown moves.
const A_MOMENT: Duration = Duration::from_millis(120);

/// Says what is being done, and counts where there is something to count. Gone
/// from the screen when dropped; nothing else may be said or asked until then.
pub struct Progress {
    count: Arc<AtomicUsize>,
    /// The end of a thread of its own, which only draws.
    drawing: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// "Reading form.csv".
    pub fn new(doing: impl Into<String>) -> Self {
        let count = Arc::new(AtomicUsize::new(0));
        let drawing = std::io::stderr().is_terminal().then(|| {
            let (stop, stopped) = mpsc::channel();
            let (doing, count) = (doing.into(), Arc::clone(&count));
            let thread = std::thread::spawn(move || {
                let mut next = A_WHILE;
                let mut bar = None;
                while stopped.recv_timeout(next) == Err(RecvTimeoutError::Timeout) {
                    let bar = bar.get_or_insert_with(|| {
                        ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr())
                            .with_style(ProgressStyle::default_spinner())
                    });
                    bar.set_message(match count.load(Ordering::Relaxed) {
                        0 => doing.clone(),
                        count => format!("{doing}: {}", HumanCount(count as u64)),
                    });
                    bar.tick();
                    next = A_MOMENT;
                }
                if let Some(bar) = bar {
                    bar.finish_and_clear();
                }
            });
            (stop, thread)
        });
        Self { count, drawing }
    }

    /// Says how many there were so far.
    pub fn at(&self, count: usize) {
        self.count.store(count, Ordering::Relaxed);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.drawing.take() {
            drop(stop);
            // What only draws has nothing to say that matters.
            let _ = thread.join();
        }
    }
}
