//! The certificate by which a client opened its connection (RFC 8705 §3), as whoever ended that connection hands it on.

use alloc::{string::String, vec::Vec};

use crate::jose::{base64url, pem};
use crate::kernels::low::hash::Hash;
use crate::oauth::url;

/// A client certificate as it reaches a request. Whoever sets it has checked that the client has its private key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientCertificate<'r> {
    /// The value of a header that a proxy sets: `:base64:` (RFC 9440 §2.1), or PEM with percent-encoding, as nginx does.
    Header(&'r str),
    /// The SHA-256 of the DER encoding, in hexadecimal digits, as Cloudflare gives it.
    Fingerprint(&'r str),
}

impl ClientCertificate<'_> {
    /// What `x5t#S256` has to be: the SHA-256 of the DER encoding, base64url (RFC 8705 §3.1). None if there is no such
    /// certificate in it.
    pub(super) fn thumbprint(&self) -> Option<String> {
        match self {
            Self::Header(value) => {
                let der = der_of(value.trim())?;
                Some(base64url::encode(&Hash::Sha256.digest(&[&der])))
            }
            Self::Fingerprint(digits) => Some(base64url::encode(&bytes_of(digits)?)),
        }
    }
}

fn der_of(value: &str) -> Option<Vec<u8>> {
    // RFC 8941 §3.3.5: a byte sequence. Two headers reach a handler joined by a comma, which neither form has.
    if let Some(base64) = value.strip_prefix(':') {
        return pem::decode(base64.strip_suffix(':')?.as_bytes());
    }
    pem::certificate(&url::percent_decoded(value.as_bytes()))
}

fn bytes_of(digits: &str) -> Option<Vec<u8>> {
    let value = |digit: &u8| char::from(*digit).to_digit(16);
    let pairs = digits.as_bytes().chunks(2);
    let bytes: Option<Vec<u8>> = pairs
        .map(|pair| match pair {
            [high, low] => Some((value(high)? << 4 | value(low)?) as u8),
            _ => None,
        })
        .collect();
    bytes.filter(|bytes| bytes.len() == Hash::Sha256.length())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEM: &str = include_str!("../../tests/rfc/fixtures/es256-certificate.pem");
    /// openssl x509 -outform der | openssl dgst -sha256
    const HASH: &str = "44e9f91c461ff68560c42c5b8193c0d49fcef218307a0a19ba89357efc488374";
    const THUMBPRINT: &str = "ROn5HEYf9oVgxCxbgZPA1J_O8hgwegoZuok1fvxIg3Q";

    /// As nginx escapes `$ssl_client_escaped_cert`.
    fn escaped() -> String {
        PEM.replace('\n', "%0A").replace(' ', "%20").replace('+', "%2B").replace('/', "%2F").replace('=', "%3D")
    }

    /// RFC 9440 §2.1: a byte sequence of RFC 8941.
    fn structured() -> String {
        let lines = PEM.lines().filter(|line| !line.starts_with('-'));
        alloc::format!(":{}:", lines.collect::<String>())
    }

    #[test]
    fn one_certificate_in_every_form() {
        let header = |value: &str| ClientCertificate::Header(value).thumbprint();
        for value in [&structured(), &alloc::format!(" {} ", structured()), &escaped(), PEM] {
            assert_eq!(header(value).as_deref(), Some(THUMBPRINT), "{value}");
        }
        for digits in [HASH, &HASH.to_ascii_uppercase()] {
            assert_eq!(ClientCertificate::Fingerprint(digits).thumbprint().as_deref(), Some(THUMBPRINT));
        }
    }

    #[test]
    fn what_is_no_certificate() {
        let structured = structured();
        let two = alloc::format!("{structured}, {structured}");
        let twice = PEM.repeat(2);
        let key = include_str!("../../tests/rfc/fixtures/es256.pem");
        for value in ["", ":", "::", ":AAAA", "AAAA", ":A:", ":-_-_:", "(null)", &two, &twice, key, &escaped()[..200]] {
            assert_eq!(ClientCertificate::Header(value).thumbprint(), None, "{value}");
        }
        for digits in ["", &HASH[1..], &HASH[2..], &alloc::format!("{HASH}00"), &HASH.replace('0', "g")] {
            assert_eq!(ClientCertificate::Fingerprint(digits).thumbprint(), None, "{digits}");
        }
    }
}
