//! DPoP proofs of a client (RFC 9449 §4.2): made here, signed by whoever has the key, and repeated where a server asks for
//! it.

use alloc::{format, string::String};

use super::challenge;
use super::url;
use crate::error::{Error, ErrorCode};
use crate::jose::base64url;
use crate::jose::json::{self, Value};
use crate::jose::json_text::ObjectText;
use crate::kernels::low::hash::Hash;

/// The public half of a client's key: P-256, for ES256.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofKey {
    /// As a JWK of the members that a thumbprint covers (RFC 7638 §3.2), in their order.
    pub jwk: String,
    /// Its thumbprint (RFC 7638), by which tokens are bound to it (RFC 9449 §6).
    pub thumbprint: String,
}

/// The request that a proof is for.
#[derive(Clone, Copy, Debug)]
pub struct ProofRequest<'r> {
    /// Its HTTP method.
    pub method: &'r str,
    /// Its URL.
    pub url: &'r str,
    /// The access token that goes with it, if one does.
    pub access_token: Option<&'r str>,
    /// The nonce that the server has given last.
    pub nonce: Option<&'r str>,
    /// What no other proof has.
    pub jti: &'r str,
    /// When the proof is made, in seconds since 1970 by the server's time.
    pub issued_at: f64,
}

/// An answer to a request with a proof.
#[derive(Clone, Copy, Debug)]
pub struct ProofAnswer<'a> {
    /// Its status.
    pub status: u16,
    /// `WWW-Authenticate`; none where there is none, or a page may not see it.
    pub challenge: Option<&'a str>,
    /// The body of an authorization server's answer.
    pub text: Option<&'a [u8]>,
    /// `DPoP-Nonce`, where it is another than the proof had.
    pub new_nonce: Option<&'a str>,
    /// By how many seconds the answer has put the clock right.
    pub corrected: f64,
}

impl ProofKey {
    /// The key of a JWK, as a platform exports it.
    ///
    /// # Errors
    /// `key_invalid`
    pub fn read(jwk: &str) -> Result<Self, Error> {
        let value = json::parse(jwk.as_bytes())?;
        let member = |name: &str| value.as_object().and_then(|key| key.get(name)).and_then(Value::as_str);
        let mut text = ObjectText::new();
        for name in ["crv", "kty", "x", "y"] {
            match (name, member(name)) {
                ("crv", Some("P-256")) | ("kty", Some("EC")) | ("x" | "y", Some(_)) => {}
                _ => return Err(Error::new(ErrorCode::KeyInvalid).claim(name).expected("a public key on P-256")),
            }
            text.text(name, member(name).unwrap_or_default());
        }
        let jwk = text.finish();
        let thumbprint = base64url::encode(&Hash::Sha256.digest(&[jwk.as_bytes()]));
        Ok(Self { jwk, thumbprint })
    }

    /// What is signed for a proof: header and claims (RFC 9449 §4.2).
    pub fn signing_input(&self, request: ProofRequest<'_>) -> String {
        let mut header = ObjectText::new();
        header.text("typ", "dpop+jwt").text("alg", "ES256").json("jwk", &self.jwk);
        let mut claims = ObjectText::new();
        claims.text("jti", request.jti).text("htm", request.method).text("htu", &without_query(request.url));
        claims.json("iat", &format!("{}", request.issued_at.max(0.0) as u64));
        if let Some(token) = request.access_token {
            claims.text("ath", &base64url::encode(&Hash::Sha256.digest(&[token.as_bytes()])));
        }
        if let Some(nonce) = request.nonce {
            claims.text("nonce", nonce);
        }
        let encode = |text: String| base64url::encode(text.as_bytes());
        format!("{}.{}", encode(header.finish()), encode(claims.finish()))
    }
}

/// The proof of a signing input and its signature, r and s of 32 bytes each (RFC 7518 §3.4).
pub fn signed_proof(signing_input: &str, signature: &[u8]) -> String {
    format!("{signing_input}.{}", base64url::encode(signature))
}

/// Whether the same request may succeed with another proof: with the nonce that has come (RFC 9449 §8, §9), or with the time
/// that is right now. Whoever repeats it does so once.
pub fn repeats_proof(answer: ProofAnswer<'_>) -> bool {
    if ![400, 401].contains(&answer.status) {
        return false;
    }
    let value = answer.text.and_then(|text| json::parse(text).ok());
    let body = value.as_ref().and_then(Value::as_object).and_then(|body| body.get("error")).and_then(Value::as_str);
    let says =
        |error: &str| body == Some(error) || answer.challenge.is_some_and(|text| challenge::has_error(text, error));
    // A page sees the challenge of another origin only where that origin exposes it.
    let is_unexplained = answer.status == 401 && answer.challenge.is_none() && answer.text.is_none();
    if answer.new_nonce.is_some() && (is_unexplained || says("use_dpop_nonce")) {
        return true;
    }
    says("invalid_dpop_proof") && (answer.new_nonce.is_some() || answer.corrected.abs() >= 1.0)
}

/// RFC 9449 §4.2: htu is "the HTTP target URI … without query and fragment parts".
fn without_query(url: &str) -> String {
    match url::parts(url) {
        Some((origin, "", _)) => format!("{origin}/"),
        Some((origin, path, _)) => format!("{origin}{path}"),
        None => String::from(url),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 9449 §4.2, the example's key; §6.1 has its thumbprint.
    const JWK: &str = r#"{"kty":"EC","x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
        "y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA","crv":"P-256","ext":true,"key_ops":["verify"]}"#;

    #[test]
    fn the_key_of_the_rfc() {
        let key = ProofKey::read(JWK).unwrap();
        assert_eq!(key.thumbprint, "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
        assert!(!key.jwk.contains("ext"));
        for wrong in
            ["", "[]", "{}", r#"{"kty":"EC","crv":"P-384","x":"a","y":"b"}"#, r#"{"kty":"EC","crv":"P-256","x":"a"}"#]
        {
            assert!(ProofKey::read(wrong).is_err(), "{wrong}");
        }
    }

    /// RFC 9449 §7.1, the example's proof: the same claims, decoded by hand.
    #[test]
    fn a_proof_has_what_the_rfc_says() {
        let key = ProofKey::read(JWK).unwrap();
        let request = ProofRequest {
            method: "GET",
            url: "https://resource.example.org/protectedresource?page=2#top",
            access_token: Some("Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU"),
            nonce: None,
            jti: "e1j3V_bKic8-LAEB",
            issued_at: 1_562_262_618.7,
        };
        let decoded = |input: &str, part: usize| {
            String::from_utf8(base64url::decode(input.split('.').nth(part).unwrap().as_bytes()).unwrap()).unwrap()
        };
        let input = key.signing_input(request);
        assert_eq!(
            decoded(&input, 1),
            r#"{"jti":"e1j3V_bKic8-LAEB","htm":"GET","htu":"https://resource.example.org/protectedresource","iat":1562262618,"ath":"fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo"}"#
        );
        assert_eq!(decoded(&input, 0), format!(r#"{{"typ":"dpop+jwt","alg":"ES256","jwk":{}}}"#, key.jwk));
        let at_root = ProofRequest { url: "https://as.example?x", access_token: None, nonce: Some("n"), ..request };
        let claims = decoded(&key.signing_input(at_root), 1);
        assert!(claims.contains(r#""htu":"https://as.example/""#) && claims.ends_with(r#""nonce":"n"}"#), "{claims}");
        assert_eq!(signed_proof("a.b", &[0xff; 3]), "a.b.____");
    }

    #[test]
    fn what_another_proof_may_help() {
        let nonce = ProofAnswer {
            status: 400,
            challenge: None,
            text: Some(br#"{"error":"use_dpop_nonce"}"#),
            new_nonce: Some("n"),
            corrected: 0.0,
        };
        let challenged = ProofAnswer {
            status: 401,
            challenge: Some(r#"DPoP error="use_dpop_nonce", error_description="…""#),
            text: None,
            ..nonce
        };
        assert!(repeats_proof(nonce) && repeats_proof(challenged));
        assert!(repeats_proof(ProofAnswer { challenge: None, ..challenged }), "a challenge that is not exposed");
        let proof = ProofAnswer { text: Some(br#"{"error":"invalid_dpop_proof"}"#), new_nonce: None, ..nonce };
        assert!(repeats_proof(ProofAnswer { corrected: -60.0, ..proof }));
        for other in [
            ProofAnswer { new_nonce: None, ..nonce },
            ProofAnswer { new_nonce: None, ..challenged },
            ProofAnswer { new_nonce: None, challenge: None, ..challenged },
            ProofAnswer { status: 200, ..nonce },
            ProofAnswer { status: 403, ..challenged },
            ProofAnswer { text: Some(br#"{"error":"invalid_grant"}"#), ..nonce },
            ProofAnswer { text: Some(b"<html>"), ..nonce },
            ProofAnswer { challenge: Some(r#"DPoP error="invalid_token""#), ..challenged },
            ProofAnswer { corrected: 0.4, ..proof },
            proof,
        ] {
            assert!(!repeats_proof(other), "{other:?}");
        }
    }
}
