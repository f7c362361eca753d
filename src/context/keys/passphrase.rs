//! A key under a passphrase: Argon2id makes another key of the passphrase, and
//! that wraps the key (RFC 3394), which also tells whether it was the right one.

use aes_kw::{KeyInit, KwAes256};
use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::random;
use crate::domain::key::{BYTES, Key, KeyId, bytes, hex};
use crate::error::{Error, Result};

/// What RFC 9106 recommends where memory is not plenty, second choice: a tenth
/// of a second here, and 64 MiB for each guess of somebody else.
const MEMORY_KIB: u32 = 64 << 10;
const PASSES: u32 = 3;
const LANES: u32 = 4;

/// No more than this is believed of a file: it would be a way to stop a computer.
const MOST_KIB: u32 = 4 << 20;
const MOST_PASSES: u32 = 1000;

/// A key that a passphrase opens.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sealed {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    salt: String,
    wrapped_key: String,
}

impl Sealed {
    pub(super) fn new(key: &Key, passphrase: &str) -> Result<Self> {
        let mut salt = [0; 16];
        random(&mut salt)?;
        let mut this = Self {
            memory_kib: MEMORY_KIB,
            passes: PASSES,
            lanes: LANES,
            salt: hex(&salt),
            wrapped_key: String::new(),
        };
        let mut wrapped = [0; BYTES + 8];
        let sealed = this.wrapping(passphrase).and_then(|with| {
            with.wrap_key(key.bits(), &mut wrapped).ok()?;
            Some(hex(&wrapped))
        });
        this.wrapped_key =
            sealed.ok_or_else(|| Error::refused("the key could not be put under a passphrase"))?;
        Ok(this)
    }

    /// The key, if this is its passphrase.
    pub(super) fn open(&self, passphrase: &str, id: KeyId) -> Option<Key> {
        let sealed: [u8; BYTES + 8] = bytes(&self.wrapped_key)?;
        let mut bits = Zeroizing::new([0; BYTES]);
        self.wrapping(passphrase)?.unwrap_key(&sealed, &mut *bits).ok()?;
        Some(Key::of(bits)).filter(|key| key.id() == id)
    }

    /// Whether it can be opened at all.
    pub(super) fn is_whole(&self) -> bool {
        bytes::<{ BYTES + 8 }>(&self.wrapped_key).is_some() && self.params().is_some()
    }

    fn params(&self) -> Option<([u8; 16], Params)> {
        if self.memory_kib > MOST_KIB || self.passes > MOST_PASSES {
            return None;
        }
        let params = Params::new(self.memory_kib, self.passes, self.lanes, Some(BYTES)).ok()?;
        Some((bytes(&self.salt)?, params))
    }

    fn wrapping(&self, passphrase: &str) -> Option<KwAes256> {
        let (salt, params) = self.params()?;
        let mut with = Zeroizing::new([0; BYTES]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(passphrase.as_bytes(), &salt, &mut *with)
            .ok()?;
        Some(KwAes256::new(&(*with).into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_passphrase_opens_a_key() {
        let key = Key::of(Zeroizing::new([7; BYTES]));
        let sealed = Sealed::new(&key, "four quiet words here").unwrap();
        assert!(sealed.is_whole());
        let open = |sealed: &Sealed, typed| sealed.open(typed, key.id()).map(|key| key.id());
        assert_eq!(open(&sealed, "four quiet words here"), Some(key.id()));
        assert_eq!(open(&sealed, "four quiet words her"), None);
        assert_eq!(open(&sealed, ""), None);
        let other = Sealed::new(&key, "four quiet words here").unwrap();
        assert_ne!(
            (other.salt, other.wrapped_key),
            (sealed.salt.clone(), sealed.wrapped_key.clone())
        );
        let bent = sealed.wrapped_key.replace('a', "b");
        let bent = if bent == sealed.wrapped_key { "0".repeat(80) } else { bent };
        assert_eq!(
            open(&Sealed { wrapped_key: bent, ..sealed.clone() }, "four quiet words here"),
            None
        );
        for broken in [
            Sealed { wrapped_key: "ab".into(), ..sealed.clone() },
            Sealed { salt: String::new(), ..sealed.clone() },
            Sealed { memory_kib: 0, ..sealed.clone() },
            Sealed { memory_kib: u32::MAX, ..sealed.clone() },
            Sealed { passes: u32::MAX, ..sealed.clone() },
            Sealed { lanes: 0, ..sealed.clone() },
        ] {
            assert!(!broken.is_whole(), "{broken:?}");
            assert_eq!(open(&broken, "four quiet words here"), None);
        }
    }
}
