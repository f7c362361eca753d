//! Ctrl-C, and the end of the session, while a file grows: what there is of it can
//! be read, and is removed before the program ends.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::SigId;
#[cfg(unix)]
use signal_hook::consts::SIGHUP;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::{flag, low_level};

const SIGNALS: &[i32] = &[
    SIGINT,
    SIGTERM,
    #[cfg(unix)]
    SIGHUP,
];

/// As long as it is there the first interruption is only noted; a second one ends the
/// program at once. After that none ends it any more: there is little left to do.
pub(super) struct Interruption {
    came: Arc<AtomicBool>,
    handlers: Vec<SigId>,
}

impl Interruption {
    pub(super) fn note() -> Self {
        let came = Arc::new(AtomicBool::new(false));
        // Where one cannot be noted it ends the program, as ever.
        let handlers = SIGNALS.iter().flat_map(|signal| {
            let again = flag::register_conditional_shutdown(*signal, 1, Arc::clone(&came));
            [again, flag::register(*signal, Arc::clone(&came))]
        });
        Self { handlers: handlers.flatten().collect(), came }
    }

    /// Fails once there was one. Not as [`io::ErrorKind::Interrupted`], after which a
    /// write is tried again.
    pub(super) fn check(&self) -> io::Result<()> {
        match self.came.load(Ordering::Relaxed) {
            true => Err(io::Error::other("interrupted")),
            false => Ok(()),
        }
    }
}

impl Drop for Interruption {
    fn drop(&mut self) {
        for handler in &self.handlers {
            low_level::unregister(*handler);
        }
    }
}
