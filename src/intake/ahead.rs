//! Reading ahead: what comes next is read while what came before is dealt with.

use std::sync::mpsc;
use std::thread;

use crate::error::{Error, Result};

/// So many are handed over together, and so often before they are waited for.
const TOGETHER: usize = 64;
const AHEAD: usize = 16;

/// Hands to `take` what `items` gives, which a thread of its own reads ahead.
pub fn ahead<I, T>(
    mut items: I,
    take: impl FnOnce(&mut dyn Iterator<Item = I::Item>) -> Result<T>,
) -> Result<T>
where
    I: Iterator<Item: Send> + Send,
{
    thread::scope(|scope| {
        let (to, from) = mpsc::sync_channel(AHEAD);
        let read = move || {
            loop {
                let some: Vec<I::Item> = items.by_ref().take(TOGETHER).collect();
                // Whoever takes them may have had enough.
                if some.is_empty() || to.send(some).is_err() {
                    return;
                }
            }
        };
        thread::Builder::new()
            .spawn_scoped(scope, read)
            .map_err(|error| Error::refused("could not begin to read").because(error))?;
        take(&mut from.into_iter().flatten())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_come_in_their_order_and_no_more_are_read_than_are_taken_and_ahead() {
        let all = ahead(0..10_000, |items| Ok(items.collect::<Vec<_>>())).unwrap();
        assert!(all.into_iter().eq(0..10_000));
        let some: Vec<u64> = ahead(0.., |items| Ok(items.take(3).collect())).unwrap();
        assert_eq!(some, [0, 1, 2]);
    }
}
