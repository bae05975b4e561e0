//! The compact serialization (RFC 7515 §7.1), and trust as a type: an [`UnverifiedToken`] becomes a
//! [`VerifiedToken`] by its signature, or by the word of its issuer about it (RFC 7662), and by nothing else.

use alloc::{borrow::Cow, format, sync::Arc, vec::Vec};

use crate::error::{Error, ErrorCode};
use crate::jose::algorithm::Algorithm;
use crate::jose::base64url;
use crate::jose::header::Header;
use crate::jose::header_cache::HeaderCache;
use crate::jose::json::{self, Value};
use crate::jose::jwk::Key;
use crate::jose::key_set::Candidates;
use crate::jose::swar;
use crate::rules::{Evidence, Rule, Trace};

/// How large a token may be unless the policy says otherwise, in bytes.
pub const DEFAULT_MAX_TOKEN_SIZE: usize = 16 * 1024;

/// A token in its parts, with a signature that has not been checked; its claims cannot be read.
#[derive(Debug)]
pub struct UnverifiedToken<'t> {
    signing_input: Cow<'t, [u8]>,
    header: Arc<Header>,
    header_bytes: Vec<u8>,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

/// A token whose signature is valid under a trusted key; or an opaque one, whose issuer has said what it means: then the
/// header is empty.
#[derive(Debug)]
pub struct VerifiedToken {
    header: Arc<Header>,
    header_bytes: Vec<u8>,
    payload: Vec<u8>,
}

/// Whether the payload segment may be empty: a JWS may sign nothing, a JWT always has claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EmptyPayload {
    Allowed,
    Refused,
}

impl<'t> UnverifiedToken<'t> {
    /// Takes a token apart (RFC 7515 §5.2, steps 1 to 7).
    ///
    /// # Errors
    /// The codes from `token_too_large` to `alg_missing`.
    pub fn parse(token: &'t [u8], max_size: usize) -> Result<Self, Error> {
        Self::parse_traced(token, max_size, EmptyPayload::Refused, None, &mut Trace::off())
    }

    pub(crate) fn parse_traced(
        token: &'t [u8],
        max_size: usize,
        empty: EmptyPayload,
        known: Option<&HeaderCache>,
        trace: &mut Trace,
    ) -> Result<Self, Error> {
        trace.judge(Rule::Size, token.len() <= max_size, ErrorCode::TokenTooLarge, || {
            Evidence::new(format!("{} bytes", token.len()), format!("at most {max_size}"))
        })?;
        let segments = trace.record(Rule::Segments, segments(token, empty), |_| Evidence::new("3", "3"))?;
        let decoded =
            trace.record(Rule::Base64url, decode(segments), |_| Evidence::found("header, payload and signature"))?;
        let [header_bytes, payload, signature] = decoded;
        let header = match known.and_then(|known| known.find(&header_bytes)) {
            Some(header) => header,
            None => Arc::new(read_header(&header_bytes, trace)?),
        };
        let signing_input = Cow::Borrowed(&token[..segments[0].len() + 1 + segments[1].len()]);
        Ok(Self { signing_input, header, header_bytes, payload, signature })
    }

    /// The header, which has not been verified.
    pub fn header(&self) -> &Header {
        &self.header
    }

    pub(crate) fn header_bytes(&self) -> &[u8] {
        &self.header_bytes
    }

    /// The payload's bytes, for cheap checks of a proof before that of its signature.
    pub(crate) fn unverified_payload(&self) -> &[u8] {
        &self.payload
    }

    /// The claims that are no objects or arrays, to choose among the keys of several trusted issuers. The
    /// issuer rule still judges them once the signature has been checked.
    pub(crate) fn unverified_claims(&self) -> Option<Value<'_>> {
        json::parse_members(&self.payload, &[]).ok()
    }

    /// The token with a payload that came beside it. What was signed has it in base64url (RFC 7515 §5.2 (8)), or as it
    /// is (RFC 7797 §3).
    pub(crate) fn with_detached_payload(mut self, payload: &[u8]) -> Result<Self, Error> {
        if !self.payload.is_empty() {
            return Err(Error::new(ErrorCode::TokenMalformed)
                .cite("RFC 7515 Appendix F")
                .found("a payload in the token and one beside it")
                .expected("one of them"));
        }
        let mut signing_input = self.signing_input.into_owned();
        if self.header.b64() {
            signing_input.extend_from_slice(base64url::encode(payload).as_bytes());
        } else {
            signing_input.extend_from_slice(payload);
        }
        self.signing_input = Cow::Owned(signing_input);
        self.payload = payload.to_vec();
        Ok(self)
    }

    /// Checks the signature with each key in turn (RFC 7515 §5.2, step 8). Says by which one it is.
    pub(crate) fn check_signature<'k>(
        self,
        algorithm: Algorithm,
        keys: &Candidates<'k>,
        trace: &mut Trace,
    ) -> Result<(VerifiedToken, Option<&'k Key>), Error> {
        if self.signature.is_empty() {
            return Err(trace.refuse(Rule::Signature, Error::new(ErrorCode::SignatureMissing).found("0 bytes")));
        }
        let key = keys.verify(algorithm, &self.signing_input, &self.signature);
        trace.judge(Rule::Signature, key.is_some(), ErrorCode::SignatureInvalid, || {
            Evidence::new(
                format!("{} bytes", self.signature.len()),
                format!("{} under {}", algorithm.name(), keys.describe()),
            )
        })?;
        let token = VerifiedToken { header: self.header, header_bytes: self.header_bytes, payload: self.payload };
        Ok((token, key))
    }

    /// The header's and payload's bytes, for display of a token that has not been verified.
    pub(crate) fn into_unverified_parts(self) -> (Vec<u8>, Vec<u8>) {
        (self.header_bytes, self.payload)
    }
}

impl VerifiedToken {
    /// An opaque token, by its issuer's answer about it.
    pub(crate) fn vouched_for(payload: Vec<u8>) -> Self {
        Self { header: Arc::new(Header::empty()), header_bytes: Vec::new(), payload }
    }

    /// Whether it is one: what a JWT says of itself is never nothing.
    pub(crate) fn is_vouched_for(&self) -> bool {
        self.header_bytes.is_empty()
    }

    /// The header.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The header's JSON.
    pub fn header_bytes(&self) -> &[u8] {
        &self.header_bytes
    }

    /// Remembers the header, so that it need not be read again.
    pub(crate) fn keep_header(&self, known: &HeaderCache) {
        known.keep(&self.header_bytes, &self.header);
    }

    /// The payload's bytes: the claims' JSON once a policy has judged them.
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    #[cfg(feature = "wasm")]
    pub(crate) fn into_parts(self) -> (Vec<u8>, Vec<u8>) {
        (self.header_bytes, self.payload)
    }
}

fn segments(token: &[u8], empty: EmptyPayload) -> Result<[&[u8]; 3], Error> {
    let mut rest = Some(token);
    let mut parts = core::iter::from_fn(|| {
        let text = rest?;
        let end = swar::first(text, |word| swar::is(word, b'.'));
        rest = text.get(end + 1..);
        Some(&text[..end])
    });
    let first = [parts.next(), parts.next(), parts.next()];
    let more = parts.count();
    match (first, more) {
        ([Some(header), Some(payload), Some(signature)], 0) => {
            if header.is_empty() || (payload.is_empty() && empty == EmptyPayload::Refused) {
                let found = if header.is_empty() { "an empty header" } else { "an empty payload" };
                return Err(Error::new(ErrorCode::TokenMalformed).found(found));
            }
            Ok([header, payload, signature])
        }
        (_, 2) => Err(Error::new(ErrorCode::TokenEncrypted).found("5 segments").expected("3")),
        (first, more) => {
            let found = first.iter().flatten().count() + more;
            Err(Error::new(ErrorCode::TokenMalformed).found(format!("{found} segments")).expected("3"))
        }
    }
}

fn read_header(bytes: &[u8], trace: &mut Trace) -> Result<Header, Error> {
    let value = json::parse_members(bytes, &["crit"]).map_err(|error| error.claim("header"));
    let value = trace.record(Rule::HeaderJson, value, |value| Evidence::found(value.kind()))?;
    trace.record(Rule::HeaderMembers, Header::from_value(&value), |header| {
        Evidence::found(format!("alg {}", header.alg()))
    })
}

fn decode([header, payload, signature]: [&[u8]; 3]) -> Result<[Vec<u8>; 3], Error> {
    Ok([
        decode_segment("header", header)?,
        decode_segment("payload", payload)?,
        decode_segment("signature", signature)?,
    ])
}

fn decode_segment(name: &str, segment: &[u8]) -> Result<Vec<u8>, Error> {
    base64url::decode(segment)
        .map_err(|fault| Error::new(ErrorCode::Base64urlInvalid).claim(name).found(fault.describe()))
}
