//! Measuring two processes side by side.

use std::time::{Duration, Instant};

use wait4::Wait4;

use crate::Result;
use crate::programs::Call;

/// What takes milliseconds is run that often, and all else as often as `FEW`.
const MANY: usize = 25;
const FEW: usize = 7;
const MILLISECONDS: Duration = Duration::from_millis(150);

type Step = Box<dyn Fn() -> Result<()>>;

/// A process that is measured, and what is done around it without counting.
pub(crate) struct Side {
    call: Call,
    before: Option<Step>,
    after: Option<Step>,
}

impl Side {
    pub(crate) fn new(call: Call) -> Self {
        Self { call, before: None, after: None }
    }

    pub(crate) fn before(self, step: impl Fn() -> Result<()> + 'static) -> Self {
        Self { before: Some(Box::new(step)), ..self }
    }

    pub(crate) fn after(self, step: impl Fn() -> Result<()> + 'static) -> Self {
        Self { after: Some(Box::new(step)), ..self }
    }

    fn around(&self, run: impl FnOnce(&Call) -> Result<()>) -> Result<()> {
        self.before.iter().try_for_each(|step| step())?;
        run(&self.call)?;
        self.after.iter().try_for_each(|step| step())
    }
}

/// What a process took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Took {
    /// Milliseconds on the wall, from before it is started until it has ended:
    /// half of the runs took no longer.
    pub(crate) ms: f64,
    /// Megabytes of memory at most, in any run.
    pub(crate) mb: Option<f64>,
}

/// Measures two processes by turns, so that whatever else this machine does
/// comes upon both.
pub(crate) fn by_turns(sides: [&Side; 2]) -> Result<[Took; 2]> {
    let warming_up = Instant::now();
    for side in sides {
        side.around(Call::run)?;
    }
    let runs = if warming_up.elapsed() < 2 * MILLISECONDS { MANY } else { FEW };
    let mut times = [Vec::new(), Vec::new()];
    let mut peaks = [0, 0];
    for _ in 0..runs {
        for ((side, times), peak) in sides.iter().zip(&mut times).zip(&mut peaks) {
            side.around(|call| {
                let mut command = call.command()?;
                let started = Instant::now();
                let ended = command.spawn()?.wait4()?;
                times.push(started.elapsed());
                if !ended.status.success() {
                    return Err(format!("{}: {}", call.in_words(), ended.status).into());
                }
                *peak = ended.rusage.maxrss.max(*peak);
                Ok(())
            })?;
        }
    }
    let [ours, others] = times;
    Ok([took(ours, peaks[0]), took(others, peaks[1])])
}

fn took(mut times: Vec<Duration>, peak: u64) -> Took {
    times.sort_unstable();
    #[expect(clippy::cast_precision_loss, reason = "far less than it could hold")]
    let mb = peak as f64 / 1_000_000.0;
    Took { ms: times[times.len() / 2].as_secs_f64() * 1000.0, mb: Some(mb) }
}
