//! One master secret; every key is derived from it.

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretSlice};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::ids::SubmissionId;

/// The platform's master secret: at least 32 bytes.
pub struct MasterSecret(SecretSlice<u8>);

/// The master secret is too short to be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the master secret must have at least 32 bytes")]
pub struct WeakSecret;

impl MasterSecret {
    /// Wraps the secret.
    ///
    /// # Errors
    /// [`WeakSecret`] if it has fewer than 32 bytes.
    pub fn new(bytes: Vec<u8>) -> Result<Self, WeakSecret> {
        if bytes.len() < 32 { Err(WeakSecret) } else { Ok(Self(bytes.into())) }
    }

    /// A key for one purpose: HKDF-SHA-256 (RFC 5869) with the purpose as `info`.
    ///
    /// # Panics
    /// Never: 32 bytes are fewer than HKDF-SHA-256 can give.
    pub fn key(&self, purpose: &str) -> [u8; 32] {
        let mut key = [0; 32];
        Hkdf::<Sha256>::new(None, self.0.expose_secret())
            .expand(purpose.as_bytes(), &mut key)
            .expect("32 bytes are fewer than the 255 x 32 that HKDF-SHA-256 can give");
        key
    }

    /// The secret tracking number of a submission: its holder may see and do what the author may.
    ///
    /// # Panics
    /// Never: HMAC takes any key, and HKDF gives 32 bytes.
    pub fn tracking(&self, id: SubmissionId) -> Tracking {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.key("vmeste tracking v1")).expect("HMAC takes any key");
        mac.update(id.uuid().as_bytes());
        Tracking::from_digest(&mac.finalize().into_bytes())
    }
}

/// A secret tracking number: 26 letters and digits in groups, 130 bits, that a person can read out on the phone.
#[derive(Clone)]
pub struct Tracking(String);

/// Crockford's alphabet: no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl Tracking {
    fn from_digest(digest: &[u8]) -> Self {
        let mut text = String::new();
        let (mut bits, mut held) = (0_u32, 0_u32);
        let mut bytes = digest.iter();
        for position in 0..26 {
            if position > 0 && position % 5 == 0 {
                text.push('-');
            }
            while held < 5 {
                bits = bits << 8 | u32::from(*bytes.next().unwrap_or(&0));
                held += 8;
            }
            held -= 5;
            text.push(char::from(ALPHABET[(bits >> held & 31) as usize]));
        }
        Self(text)
    }

    /// The number, to be shown to the author once.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether somebody typed this. Case, spaces and hyphens do not matter, nor do O for 0, I and L for 1, nor Russian
    /// letters for those that look like them. The time taken does not depend on how much is right.
    pub fn matches(&self, typed: &str) -> bool {
        let own = normal(&self.0);
        let typed = normal(typed);
        own.as_bytes().ct_eq(typed.as_bytes()).into()
    }
}

impl Tracking {
    /// SHA-256, in hex, of a typed tracking number: the same for every spelling that [`Tracking::matches`]. The tables have this
    /// fingerprint and never the number, so a reader of the tables cannot act as an author.
    pub fn fingerprint(typed: &str) -> String {
        hex::encode(Sha256::digest(normal(typed).as_bytes()))
    }
}

fn normal(text: &str) -> String {
    let letters = text.chars().filter(|c| !is_between(*c)).take(64);
    letters
        .map(|c| match c.to_uppercase().next().unwrap_or(c) {
            'O' | 'О' => '0',
            'I' | 'L' => '1',
            // Somebody who copies the number by hand has a Russian keyboard.
            'А' => 'A',
            'В' => 'B',
            'Е' => 'E',
            'К' => 'K',
            'М' => 'M',
            'Н' => 'H',
            'Р' => 'P',
            'С' => 'C',
            'Т' => 'T',
            'Х' => 'X',
            'У' => 'Y',
            other => other,
        })
        .collect()
}

/// Whether it only keeps groups apart: any space, and any of the dashes that text programs make of a hyphen.
fn is_between(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn secret(byte: u8) -> MasterSecret {
        MasterSecret::new(vec![byte; 32]).unwrap()
    }

    #[test]
    fn a_tracking_number_belongs_to_one_submission_and_one_secret() {
        let id = SubmissionId::new(Uuid::from_u128(1));
        let tracking = secret(1).tracking(id);
        assert!(tracking.matches(secret(1).tracking(id).reveal()));
        assert!(!tracking.matches(secret(2).tracking(id).reveal()));
        assert!(!tracking.matches(secret(1).tracking(SubmissionId::new(Uuid::from_u128(2))).reveal()));
        assert!(!tracking.matches(""));
    }

    #[test]
    fn it_can_be_typed_carelessly() {
        let tracking = Tracking("01ABC-DEFGH".into());
        assert!(tracking.matches("o1abc defgh"));
        assert!(tracking.matches("0labcdefgh"));
        assert!(tracking.matches("О1АВС–dеfgh"), "А, В, С, О and е on a Russian keyboard");
        assert!(!tracking.matches("02ABC-DEFGH"));
    }

    #[test]
    fn it_has_130_bits_in_groups_of_five() {
        let tracking = secret(1).tracking(SubmissionId::new(Uuid::from_u128(1)));
        assert_eq!(tracking.reveal().len(), 26 + 5);
        assert_eq!(tracking.reveal().matches('-').count(), 5);
    }

    #[test]
    fn it_is_found_however_it_was_typed_and_not_by_another_number() {
        let fingerprint = Tracking::fingerprint("01ABC-DEFGH");
        // echo -n 01ABCDEFGH | sha256sum
        assert_eq!(fingerprint, "dd0eb4f6a2adb94b2ad1754ef5c3cc32b234dbe2cd8583758538bdb7079ac202");
        assert_eq!(Tracking::fingerprint(" o1abc defgh "), fingerprint);
        assert_ne!(Tracking::fingerprint("01ABC-DEFGJ"), fingerprint);
    }

    #[test]
    fn a_short_secret_is_refused() {
        assert!(MasterSecret::new(vec![0; 31]).is_err());
    }
}
