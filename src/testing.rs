//! A test kit: an issuer that mints tokens, publishes its keys, rotates them, and keeps a clock that tests set. Needs the
//! feature `testing`. jwt-compact makes the tokens, signed with ES256.
//!
//! ```
//! use core::time::Duration;
//! use countersign::{Profile, Verifier, testing::TestIssuer};
//!
//! let mut issuer = TestIssuer::new("https://issuer.example", "https://api.example");
//! let verifier = Verifier::new(issuer.policy(Profile::AccessToken), issuer.jwks());
//!
//! let token = issuer.token().claim("scope", "orders:read").mint();
//! assert!(verifier.verify(&token, issuer.now()).is_ok());
//!
//! issuer.advance(Duration::from_secs(300));
//! assert_eq!(verifier.verify(&token, issuer.now()).unwrap_err().code().as_str(), "token_expired");
//!
//! let wrong = issuer.token().without("jti").mint();
//! assert_eq!(verifier.verify(&wrong, issuer.now()).unwrap_err().code().as_str(), "claim_missing");
//! ```

use alloc::{format, string::String, vec::Vec};
use core::time::Duration;

use jwt_compact::alg::{Es256, SigningKey};
use jwt_compact::jwk::JsonWebKey;
use jwt_compact::{Algorithm, AlgorithmExt, Claims, Header};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::claims::numeric_date::UnixTime;
use crate::claims::policy::{Accepted, Policy};
use crate::claims::profile::Profile;
use crate::jose::key_set::KeySet;

/// 2027-01-15 08:00:00 UTC.
const START: i64 = 1_800_000_000;
/// Seconds from `iat` to `exp`.
const LIFETIME: i64 = 300;

/// An issuer for tests. Its keys come from a seed: the same one gives the same keys, and needs no randomness.
#[derive(Debug)]
pub struct TestIssuer {
    issuer: String,
    audience: String,
    seed: String,
    now: i64,
    /// The keys that it has had, the one that signs last.
    keys: Vec<TestKey>,
}

type Es256Key = <Es256 as Algorithm>::SigningKey;

#[derive(Debug)]
struct TestKey {
    kid: String,
    signing: Es256Key,
    is_published: bool,
}

/// A token to be minted: the access token of RFC 9068 §2 or an ID token (OpenID Connect Core §2), and what a test wants
/// otherwise.
#[derive(Debug)]
#[must_use = "a token is made by `mint`"]
pub struct TestToken<'i> {
    issuer: &'i TestIssuer,
    header: Map<String, Value>,
    claims: Map<String, Value>,
}

impl TestIssuer {
    /// An issuer of tokens for an audience. Its clock stands at 1 800 000 000 seconds since 1970.
    pub fn new(issuer: &str, audience: &str) -> Self {
        Self::with_seed(issuer, audience, issuer)
    }

    /// The same with keys from another seed, such as those of an attacker who uses the issuer's name.
    pub fn with_seed(issuer: &str, audience: &str, seed: &str) -> Self {
        let mut made = Self {
            issuer: String::from(issuer),
            audience: String::from(audience),
            seed: String::from(seed),
            now: START,
            keys: Vec::new(),
        };
        made.rotate();
        made
    }

    /// An access token with the claims of RFC 9068 §2.2.
    pub fn token(&self) -> TestToken<'_> {
        let jti = format!("{}-{}", self.now, self.keys.len());
        self.new_token("at+jwt", &self.audience, json!({ "client_id": "client-1", "jti": jti }))
    }

    /// An ID token for a client (OpenID Connect Core §2).
    pub fn id_token(&self, client: &str) -> TestToken<'_> {
        self.new_token("JWT", client, json!({ "auth_time": self.now }))
    }

    /// The published keys.
    pub fn jwks(&self) -> KeySet {
        KeySet::parse_published(self.jwks_json().as_bytes()).unwrap_or_default()
    }

    /// The published key set as its address has it (RFC 7517 §5).
    pub fn jwks_json(&self) -> String {
        let published = self.keys.iter().filter(|key| key.is_published);
        format!("{}", json!({ "keys": published.map(TestKey::to_jwk).collect::<Vec<_>>() }))
    }

    /// The strict policy for this issuer's tokens.
    pub fn policy(&self, profile: Profile) -> Policy {
        let only = |name: &String| Accepted::OneOf(alloc::vec![name.clone()]);
        Policy::new(profile, only(&self.issuer), only(&self.audience))
    }

    /// The time by the issuer's clock.
    pub fn now(&self) -> UnixTime {
        UnixTime::from_seconds(u32::try_from(self.now).unwrap_or(u32::MAX))
    }

    /// Sets the clock forward.
    pub fn advance(&mut self, duration: Duration) {
        self.now = self.now.saturating_add(i64::try_from(duration.as_secs()).unwrap_or(i64::MAX));
    }

    /// Signs with a new key from now on; those so far stay published.
    pub fn rotate(&mut self) {
        let kid = format!("key-{}", self.keys.len() + 1);
        let signing = signing_key(&format!("{} {kid}", self.seed));
        self.keys.push(TestKey { kid, signing, is_published: true });
    }

    /// Takes the keys so far out of the key set, and signs with a new one.
    pub fn withdraw(&mut self) {
        self.keys.iter_mut().for_each(|key| key.is_published = false);
        self.rotate();
    }

    fn new_token(&self, typ: &str, audience: &str, own: Value) -> TestToken<'_> {
        let shared = json!({
            "iss": self.issuer, "aud": audience, "sub": "user-1", "iat": self.now, "exp": self.now + LIFETIME,
        });
        let header = json!({ "typ": typ, "kid": self.key(None).kid });
        TestToken {
            issuer: self,
            header: members(header),
            claims: members(shared).into_iter().chain(members(own)).collect(),
        }
    }

    /// The key of a name, else the one that signs.
    fn key(&self, kid: Option<&str>) -> &TestKey {
        let named = self.keys.iter().find(|key| Some(key.kid.as_str()) == kid);
        named.unwrap_or(&self.keys[self.keys.len() - 1])
    }
}

impl TestToken<'_> {
    /// Sets a claim.
    pub fn claim(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.claims.insert(String::from(name), value.into());
        self
    }

    /// Leaves a claim out.
    pub fn without(mut self, name: &str) -> Self {
        self.claims.remove(name);
        self
    }

    /// Sets a member of the header. A `kid` among the issuer's keys, withdrawn ones too, signs with that key.
    pub fn header(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.header.insert(String::from(name), value.into());
        self
    }

    /// Leaves a member of the header out.
    pub fn without_header(mut self, name: &str) -> Self {
        self.header.remove(name);
        self
    }

    /// The signed token.
    #[expect(clippy::expect_used, reason = "a map of JSON values can always be written")]
    pub fn mint(self) -> String {
        let key = self.issuer.key(self.header.get("kid").and_then(Value::as_str));
        let (header, claims) = (Header::new(&self.header), Claims::new(&self.claims));
        Es256.token(&header, &claims, &key.signing).expect("JSON")
    }
}

impl TestKey {
    fn to_jwk(&self) -> Value {
        let public = self.signing.to_verifying_key();
        let mut jwk = json!(JsonWebKey::from(&public));
        for (name, value) in [("kid", self.kid.as_str()), ("alg", "ES256"), ("use", "sig")] {
            jwk[name] = Value::from(value);
        }
        jwk
    }
}

#[expect(clippy::expect_used, reason = "of all digests, fewer than one in 2³¹ is no key")]
fn signing_key(seed: &str) -> Es256Key {
    SigningKey::<Es256>::from_slice(&Sha256::digest(seed)).expect("a digest that is a key")
}

/// The members of an object.
fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
