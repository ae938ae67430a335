//! Seal: what must be read back (the bodies of mails that wait, the seeds of second factors) is stored sealed, so that the database alone gives no link
//! and no code away. ChaCha20-Poly1305 (RFC 8439) with a key that is derived from the installation's master key.

use hmac::{Hmac, KeyInit, Mac};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sha2::Sha256;

/// The key of an installation: 256 random bits in a file beside the data, the same on all control nodes.
pub struct MasterKey(pub [u8; 32]);

impl MasterKey {
    /// A key for one purpose (HMAC-SHA-256 of its name, RFC 5869 in one step): none tells of another.
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.update(purpose.as_bytes());
        mac.finalize().into_bytes().into()
    }
}

/// Seals and opens texts.
pub struct Seal(LessSafeKey);

/// What was stored is not what this installation sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it was sealed with another master key, or changed")]
pub struct Broken;

impl Seal {
    /// Seals with a key derived for what is read back: mails, and seeds of second factors. The key's name is older than the seeds.
    pub fn new(master: &MasterKey) -> Seal {
        let key = UnboundKey::new(&CHACHA20_POLY1305, &master.derive("seal mail")).expect("32 bytes");
        Seal(LessSafeKey::new(key))
    }

    /// The sealed text: nonce, then ciphertext and tag. `random` is used once and never again. `place` is what the text belongs
    /// to: it does not open in another place.
    pub fn seal(&self, text: &[u8], place: &[u8], random: [u8; 32]) -> Vec<u8> {
        let nonce: [u8; NONCE_LEN] = *random.first_chunk().expect("12 of 32 bytes");
        let mut sealed = text.to_vec();
        let nonce_of = Nonce::assume_unique_for_key(nonce);
        self.0.seal_in_place_append_tag(nonce_of, Aad::from(place), &mut sealed).expect("a mail is not that long");
        [&nonce[..], &sealed].concat()
    }

    /// The text again.
    ///
    /// Errors: [`Broken`].
    pub fn open(&self, sealed: &[u8], place: &[u8]) -> Result<Vec<u8>, Broken> {
        let (nonce, rest) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(Broken)?;
        let mut text = rest.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let length = self.0.open_in_place(nonce, Aad::from(place), &mut text).map_err(|_| Broken)?.len();
        text.truncate(length);
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_here_and_nowhere_else() {
        let seal = Seal::new(&MasterKey([1; 32]));
        let sealed = seal.seal(b"a link", b"mai_1", [9; 32]);
        assert!(!sealed.windows(6).any(|part| part == b"a link"));
        assert_eq!(seal.open(&sealed, b"mai_1").expect("ours"), b"a link");
        assert_eq!(seal.open(&sealed, b"mai_2"), Err(Broken));
        assert_eq!(Seal::new(&MasterKey([2; 32])).open(&sealed, b"mai_1"), Err(Broken));
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert_eq!(seal.open(&changed, b"mai_1"), Err(Broken), "byte {place}");
        }
        assert_eq!(seal.open(&[], b"mai_1"), Err(Broken));
    }

    #[test]
    fn keys_for_purposes_differ() {
        let master = MasterKey([1; 32]);
        assert_ne!(master.derive("a"), master.derive("b"));
        assert_ne!(master.derive("a"), MasterKey([2; 32]).derive("a"));
    }
}
