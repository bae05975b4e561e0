//! The nonces that servers have given for DPoP proofs: the latest of each origin (RFC 9449 §8.2, §9).

use alloc::{string::String, vec::Vec};

use crate::oauth::token_audience::origin;

/// Origins whose nonce is remembered: an authorization server and the APIs of one page. The oldest goes first; asking it
/// again costs one request.
const MAX_ORIGINS: usize = 16;

/// Bytes of a nonce. Servers accept headers of 8 KiB in all, and a proof has the nonce in base64url.
const MAX_NONCE: usize = 1_024;

/// The nonces of one client.
#[derive(Clone, Debug, Default)]
pub struct NoncesByOrigin(Vec<(Vec<u8>, String)>);

impl NoncesByOrigin {
    /// The nonce that the server of this address has given last.
    pub fn of(&self, url: &str) -> Option<&str> {
        let origin = origin(url)?;
        self.0.iter().find(|(known, _)| *known == origin).map(|(_, nonce)| nonce.as_str())
    }

    /// An answer of this address has brought a nonce.
    pub fn remember(&mut self, url: &str, nonce: &str) {
        let Some(origin) = origin(url).filter(|_| is_nonce(nonce)) else { return };
        self.0.retain(|(known, _)| *known != origin);
        if self.0.len() == MAX_ORIGINS {
            self.0.remove(0);
        }
        self.0.push((origin, String::from(nonce)));
    }
}

/// RFC 9449 §8.1: `nonce = 1*NQCHAR` (RFC 6749 Appendix A).
fn is_nonce(text: &str) -> bool {
    let is_nqchar = |byte| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
    !text.is_empty() && text.len() <= MAX_NONCE && text.bytes().all(is_nqchar)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_of_each_origin() {
        let mut nonces = NoncesByOrigin::default();
        nonces.remember("https://as.example/token", "a");
        nonces.remember("https://api.example:443/x?y", "b");
        nonces.remember("https://AS.example/par", "c");
        assert_eq!(nonces.of("https://as.example:443/authorize"), Some("c"));
        assert_eq!(nonces.of("https://api.example/"), Some("b"));
        assert_eq!(nonces.of("https://api.example:8443/"), None);
        assert_eq!(nonces.of("urn:x"), None);
    }

    #[test]
    fn bounded() {
        let mut nonces = NoncesByOrigin::default();
        for wrong in ["", "a b", "a\"", "a\\", "\u{e9}", &"x".repeat(1_025)] {
            nonces.remember("https://as.example/", wrong);
            assert_eq!(nonces.of("https://as.example/"), None, "{wrong}");
        }
        nonces.remember("https://as.example/", &"x".repeat(1_024));
        for number in 0..15 {
            nonces.remember(&alloc::format!("https://a{number}.example/"), "n");
        }
        assert!(nonces.of("https://as.example/").is_some());
        nonces.remember("https://last.example/", "n");
        assert_eq!((nonces.of("https://as.example/"), nonces.of("https://a0.example/")), (None, Some("n")));
    }
}
