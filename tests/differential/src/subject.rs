//! Our side: a key and its checks through the public interface, as an application makes them.
//!
//! A key earns its table by use, and the first table of a curve brings that of the base point. So a run
//! begins with checks of fresh key sets, which have no table at all ([`Phase::Cold`]), and goes on with
//! one key set a key, beside which a fresh one now and then has the base point's table alone
//! ([`Phase::Warm`]).

use base64ct::{Base64UrlUnpadded, Encoding};
use countersign::{Algorithm, ErrorCode, KeySet, SignaturePolicy};

use crate::tally::Tally;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    Cold,
    Warm,
}

impl Phase {
    /// The phase of the next key.
    pub fn of(tally: &Tally, cases: u64) -> Self {
        if tally.cases < cases / 5 { Self::Cold } else { Self::Warm }
    }
}

/// The checks with which a key earns its table: the number's own check has it.
#[derive(Clone, Copy)]
pub struct Earned(pub u32);

/// A curve key's table. `src/kernels/high` has the number.
pub const CURVE: Earned = Earned(24);
/// An RSA key has what it precomputes from the start.
pub const RSA: Earned = Earned(1);

/// How many checks a fresh key set makes before the next; below the 24 that earn a table.
const FRESH: u32 = 20;

pub struct Subject {
    jwk: String,
    earned: Earned,
    phase: Phase,
    long: Checks,
    fresh: Checks,
    turn: u32,
}

struct Checks {
    keys: KeySet,
    made: u32,
}

impl Subject {
    /// The key of a JWK, if ours is a key at all.
    pub fn new(jwk: String, earned: Earned, phase: Phase) -> Option<Self> {
        let checks = || KeySet::parse(jwk.as_bytes()).ok().map(|keys| Checks { keys, made: 0 });
        Some(Self { long: checks()?, fresh: checks()?, jwk, earned, phase, turn: 0 })
    }

    pub fn jwk(&self) -> &str {
        &self.jwk
    }

    /// The verdict on a signature of the octets that [`signing_input`] made, by the paths of this phase.
    /// They must agree.
    pub fn verifies(&mut self, tally: &mut Tally, algorithm: &str, input: &str, signature: &[u8]) -> bool {
        self.turn += 1;
        if self.phase == Phase::Cold {
            return self.fresh_check(tally, algorithm, input, signature);
        }
        let found = self.long.check(algorithm, input, signature);
        if self.long.made >= self.earned.0 {
            tally.with_table += 1;
        } else {
            tally.with_generator += 1;
        }
        if self.turn.is_multiple_of(4) && found != self.fresh_check(tally, algorithm, input, signature) {
            tally.disagreement(&format!(
                "with table {found}, without {}: {} {input} {signature:02x?}",
                !found, self.jwk
            ));
        }
        found
    }

    /// The same check again and again, until the key has a table.
    pub fn verifies_until_table(&mut self, tally: &mut Tally, algorithm: &str, input: &str, signature: &[u8]) -> bool {
        let found = self.verifies(tally, algorithm, input, signature);
        while self.phase == Phase::Warm && self.long.made < self.earned.0 {
            self.long.check(algorithm, input, signature);
        }
        if self.phase == Phase::Warm && self.verifies(tally, algorithm, input, signature) != found {
            tally.disagreement(&format!("without table {found}: {} {input} {signature:02x?}", self.jwk));
        }
        found
    }

    fn fresh_check(&mut self, tally: &mut Tally, algorithm: &str, input: &str, signature: &[u8]) -> bool {
        if self.fresh.made == FRESH {
            self.fresh = Checks { keys: KeySet::parse(self.jwk.as_bytes()).expect("it was one before"), made: 0 };
        }
        let found = self.fresh.check(algorithm, input, signature);
        match (self.earned.0, self.phase) {
            (1, _) => tally.with_table += 1,
            (_, Phase::Cold) => tally.without_table += 1,
            (_, Phase::Warm) => tally.with_generator += 1,
        }
        found
    }
}

impl Checks {
    fn check(&mut self, algorithm: &str, input: &str, signature: &[u8]) -> bool {
        let algorithm = Algorithm::from_name(algorithm).expect("an algorithm of JWA");
        let policy = SignaturePolicy {
            algorithms: Some(vec![algorithm]),
            crit: Vec::new(),
            max_token_size: 16_384,
        };
        let compact = format!("{input}.{}", Base64UrlUnpadded::encode_string(signature));
        self.made += 1;
        match countersign::verify_signature(compact.as_bytes(), &self.keys, &policy) {
            Ok(_) => true,
            Err(error) if error.code() == ErrorCode::SignatureInvalid => false,
            Err(error) => panic!("the signature was not judged: {error} {compact}"),
        }
    }
}

/// What is signed: the header and some octets.
pub fn signing_input(algorithm: &str, payload: &[u8]) -> String {
    let header = format!("{{\"alg\":\"{algorithm}\"}}");
    format!("{}.{}", encode(header.as_bytes()), encode(payload))
}

pub fn encode(octets: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(octets)
}
