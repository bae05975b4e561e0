//! The keys of the last good proofs about tokens that are bound to a key. A holder proves each request by the same key: one
//! that is met again keeps what has been precomputed for it (`kernels/high/table_cache.rs`).

use alloc::string::String;
use alloc::vec::Vec;

use spin::Mutex;

use crate::jose::jwk::Key;

/// So many keys are known. The tables of all of them have room beside those of issuers' keys; and with more holders that come
/// by turns, nothing is precomputed that would be given up before it is of use.
const MOST: usize = 24;

/// Those of all guards and verifiers.
pub(super) static KNOWN: ProofKeys = ProofKeys::none();

/// Keys by their thumbprints (RFC 7638 §3): equal ones are of one key. The one that was met last is the last.
pub(super) struct ProofKeys(Mutex<Vec<(String, Key)>>);

impl ProofKeys {
    const fn none() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    /// The key, with what is precomputed for it, if it is known.
    pub(super) fn recognized(&self, key: Key, thumbprint: &str) -> Key {
        match self.0.lock().iter().find(|(other, _)| other == thumbprint) {
            Some((_, met)) => key.sharing(met),
            None => key,
        }
    }

    /// Remembers the key of a proof that is good.
    pub(super) fn remember(&self, key: Key, thumbprint: &str) {
        let mut known = self.0.lock();
        known.retain(|(other, _)| other != thumbprint);
        if known.len() == MOST {
            known.remove(0);
        }
        known.push((String::from(thumbprint), key));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jose::algorithm::Algorithm;
    use crate::jose::base64url;
    use alloc::format;

    /// RFC 7517 appendix A.1 (EC), RFC 8037 appendix A.2.
    const OTHERS: [&str; 2] = [
        r#"{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
            "y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}"#,
        r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
    ];

    /// RFC 7515 appendix A.3.1: a key, and what it has signed.
    const MET: &str = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#;
    const INPUT: &[u8] = b"eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    const SIGNATURE: &str = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

    fn key(text: &str) -> Key {
        Key::from_jwk(text.as_bytes()).unwrap()
    }

    /// Whether a key that was read anew is what was met: no key of a proof has the thumbprint of another one, so only here can
    /// it be seen whose numbers, and whose tables, are used.
    fn is_met(key: &Key) -> bool {
        key.verifies(Algorithm::Es256, INPUT, &base64url::decode(SIGNATURE.as_bytes()).unwrap())
    }

    #[test]
    fn the_keys_that_were_met_last_are_known() {
        let known = ProofKeys::none();
        let remember = |name: &str| known.remember(key(MET), name);
        let [another, of_another_kind] = OTHERS.map(key);
        let knows = |name: &str| is_met(&known.recognized(another.clone(), name));
        assert!(is_met(&key(MET)) && !is_met(&another));
        remember("first");
        assert!(knows("first") && !knows("nobody's"));
        assert!(!is_met(&known.recognized(of_another_kind, "first")), "it stays of its kind");

        remember("second");
        for other in 2..MOST {
            remember(&format!("{other}"));
        }
        assert!(knows("first") && knows("second"));
        remember("first"); // Met again.
        remember("one more");
        assert!(knows("first") && knows("one more") && !knows("second"));
        assert_eq!(known.0.lock().iter().filter(|(name, _)| name == "first").count(), 1);
        assert_eq!(known.0.lock().len(), MOST);
    }
}
