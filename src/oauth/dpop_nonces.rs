//! Nonces for DPoP proofs (RFC 9449 §8, §9): made of a secret and the time, so that whoever has the secret judges them
//! and nobody keeps them.

use alloc::string::String;
use core::fmt;
use core::time::Duration;

use jwt_compact::{Algorithm as _, AlgorithmSignature as _};

use crate::claims::numeric_date::UnixTime;
use crate::invalid_option::InvalidOption;
use crate::jose::base64url;
use crate::kernels::high::hmac::{Hs256, Hs256Key};

/// For how long a nonce is given out unless the caller says otherwise. It is accepted for as long again: who calls once
/// in two minutes never has to repeat a request.
pub(crate) const DEFAULT_WINDOW: Duration = Duration::from_secs(120);

/// The bounds of that: in the least time a client gets an answer and uses its nonce; within the most, a proof that was
/// made ahead by somebody who had the key for a moment is void (RFC 9449 §11.2).
const WINDOWS: [Duration; 2] = [Duration::from_secs(10), Duration::from_secs(3600)];

/// What the secret signs here, and nowhere else.
const CONTEXT: &[u8] = b"countersign DPoP-Nonce";

/// The nonce that the proofs of a server's clients have to repeat (RFC 9449 §9).
#[derive(Clone, Debug)]
pub enum DpopNonce {
    /// Always this one, which the caller changes.
    Fixed(String),
    /// A new one for each window of time.
    Issued(Nonces),
}

impl DpopNonce {
    /// The one that is given out at a moment.
    pub(crate) fn current(&self, now: UnixTime) -> String {
        match self {
            Self::Fixed(nonce) => nonce.clone(),
            Self::Issued(nonces) => nonces.current(now),
        }
    }

    /// Whether a proof with this nonce is good at a moment.
    pub(crate) fn accepts(&self, nonce: &str, now: UnixTime) -> bool {
        match self {
            Self::Fixed(expected) => expected == nonce,
            Self::Issued(nonces) => nonces.accepts(nonce, now),
        }
    }
}

/// Gives out nonces and judges them. All machines that share the secret accept each other's.
#[derive(Clone)]
pub struct Nonces {
    secret: Hs256Key,
    window: Duration,
}

impl Nonces {
    /// The nonces of a secret of at least 32 bytes, each given out for a window of time: 10 to 3600 seconds, by default
    /// 120. The nonces of this window and of the one before are accepted.
    ///
    /// # Errors
    /// What is wrong with the secret or the window.
    pub fn new(secret: &[u8], window: Option<Duration>) -> Result<Self, InvalidOption> {
        let wrong = |_| InvalidOption::new("secret", "expected at least 32 random bytes, and no public key");
        let secret = Hs256Key::new(secret).map_err(wrong)?;
        let window = window.unwrap_or(DEFAULT_WINDOW);
        if (WINDOWS[0]..=WINDOWS[1]).contains(&window) {
            Ok(Self { secret, window })
        } else {
            Err(InvalidOption::new("window", "expected seconds from 10 to 3600"))
        }
    }

    /// The nonce that is given out at a moment.
    pub(crate) fn current(&self, now: UnixTime) -> String {
        base64url::encode(&Hs256.sign(&self.secret, &self.message(now)).as_bytes())
    }

    /// Whether a nonce was given out in this window or in the one before. Compared in constant time.
    pub(crate) fn accepts(&self, nonce: &str, now: UnixTime) -> bool {
        let Ok(tag) = base64url::decode(nonce.as_bytes()) else { return false };
        let before = now.saturating_sub(self.window);
        [now, before].into_iter().any(|moment| Hs256::verify(&self.secret, &self.message(moment), &tag))
    }

    fn message(&self, moment: UnixTime) -> [u8; CONTEXT.len() + 16] {
        let mut message = [0; CONTEXT.len() + 16];
        let (context, numbers) = message.split_at_mut(CONTEXT.len());
        context.copy_from_slice(CONTEXT);
        let window = self.window.as_secs();
        // A nonce of another length of windows is another nonce.
        let index = moment.seconds().div_euclid(window as i64);
        numbers[..8].copy_from_slice(&window.to_be_bytes());
        numbers[8..].copy_from_slice(&index.to_be_bytes());
        message
    }
}

impl fmt::Debug for Nonces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Nonces").field("window", &self.window).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"a secret of exactly 32 bytes, ok";

    fn nonces(secret: &[u8], window: u64) -> Nonces {
        Nonces::new(secret, Some(Duration::from_secs(window))).unwrap()
    }

    const fn at(seconds: u32) -> UnixTime {
        UnixTime::from_seconds(seconds)
    }

    #[test]
    fn good_in_its_window_and_in_the_next() {
        let nonces = nonces(SECRET, 60);
        let nonce = nonces.current(at(600));
        assert_eq!(nonces.current(at(659)), nonce);
        assert_ne!(nonces.current(at(660)), nonce);
        for (now, holds) in
            [(540, false), (599, false), (600, true), (659, true), (660, true), (719, true), (720, false)]
        {
            assert_eq!(nonces.accepts(&nonce, at(now)), holds, "{now}");
        }
        assert!(nonces.accepts(&nonces.current(at(0)), at(0)), "the first window has none before it");
    }

    /// printf 'countersign DPoP-Nonce' and two numbers of 8 bytes, by `openssl dgst -sha256 -hmac`.
    #[test]
    fn another_implementation_of_hmac_makes_the_same() {
        assert_eq!(nonces(SECRET, 60).current(at(600)), "J2z5dcRS9OsAeZjAEfIGdX2TrT_KzyU-UQGpX7fRlf0");
    }

    #[test]
    fn by_this_secret_and_window_alone() {
        let nonces_60 = nonces(SECRET, 60);
        let nonce = nonces_60.current(at(600));
        assert!(!nonces(b"another secret of 32 bytes, also", 60).accepts(&nonce, at(600)));
        assert!(!nonces(SECRET, 10).accepts(&nonces(SECRET, 20).current(at(0)), at(0)));
        let altered = nonce.replacen(|c: char| c != 'A', "A", 1);
        for wrong in ["", "n", "=", &nonce[1..], &alloc::format!("{nonce}A"), &altered] {
            assert!(!nonces_60.accepts(wrong, at(600)), "{wrong}");
        }
    }

    #[test]
    fn secrets_and_windows_within_bounds() {
        let name = |secret: &[u8], window: u64| {
            Nonces::new(secret, Some(Duration::from_secs(window))).err().map(|error| error.name)
        };
        assert_eq!(name(SECRET, 10).or(name(SECRET, 3600)), None);
        assert!(Nonces::new(SECRET, None).is_ok());
        assert_eq!(name(&SECRET[1..], 60).as_deref(), Some("secret"));
        for window in [0, 9, 3601, u64::MAX] {
            assert_eq!(name(SECRET, window).as_deref(), Some("window"), "{window}");
        }
        assert!(!alloc::format!("{:?}", nonces(SECRET, 60)).contains("secret of"));
    }
}
