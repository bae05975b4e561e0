//! What nobody vouches for takes time and memory in proportion to its length, whatever it holds (law 5).
#![allow(clippy::unwrap_used, unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use base64ct::{Base64UrlUnpadded, Encoding};
use countersign::{Accepted, ErrorCode, KeySet, Policy, Profile, TrustedIssuer, UnixTime, Verifier, decode_unverified};

struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call is the system allocator's own; only sizes are counted.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let now = NOW.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        PEAK.fetch_max(now, Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Ordering::Relaxed);
        unsafe { System.dealloc(memory, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// One measurement at a time.
static MEASURING: Mutex<()> = Mutex::new(());

/// The most memory that was taken at a time, as a multiple of the input, and how long it took.
fn measured<T>(length: usize, work: impl FnOnce() -> T) -> (T, usize, Duration) {
    let before = NOW.load(Ordering::Relaxed);
    PEAK.store(before, Ordering::Relaxed);
    let start = Instant::now();
    let answer = work();
    let time = start.elapsed();
    (answer, (PEAK.load(Ordering::Relaxed) - before) / length, time)
}

fn token(header: &str, claims: &str) -> String {
    let encode = |text: &str| Base64UrlUnpadded::encode_string(text.as_bytes());
    format!("{}.{}.AAAA", encode(header), encode(claims))
}

const SIZE: usize = 1 << 20;

/// A header or a payload of a megabyte that holds as many values as its text can.
fn crowded(start: &str) -> Vec<String> {
    let repeated = |part: &str| part.repeat(SIZE / part.len());
    let members: String = (0..SIZE / 12).map(|i| format!(r#","{i:07}":1"#)).collect();
    vec![
        format!(r#"{{{start},"x":[{}1]}}"#, repeated("1,")),
        format!(r#"{{{start},"x":[{}[]]}}"#, repeated("[],")),
        format!(r#"{{{start},"x":[{}{{}}]}}"#, repeated("{},")),
        format!(r#"{{{start},"x":[{}""]}}"#, repeated(r#""","#)),
        format!(r#"{{{start},"aud":[{}""]}}"#, repeated(r#""","#)),
        format!(r#"{{{start}{members}}}"#),
        format!(r#"{{{start},"x":{{"y":1{members}}}}}"#),
        format!(r#"{{{start},"x":"{}"}}"#, repeated(r"\u0061")),
    ]
}

#[test]
fn decoding_takes_a_small_multiple_of_the_token() {
    let _measuring = MEASURING.lock();
    let header = r#"{"alg":"ES256"}"#;
    let tokens = crowded(r#""iss":"a""#).into_iter().map(|claims| token(header, &claims));
    for (i, token) in tokens.chain(crowded(r#""alg":"ES256""#).iter().map(|header| token(header, "{}"))).enumerate() {
        let (decoded, multiple, time) = measured(token.len(), || decode_unverified(token.as_bytes(), 16 << 20));
        assert!(decoded.is_ok(), "{i}: {decoded:?}");
        println!("{i}: {multiple} times the token, {time:?}");
        assert!(multiple <= 24 && time < Duration::from_secs(10), "{i}: {multiple} times the token, {time:?}");
    }
}

/// RFC 7515 §4.1.11; a name is looked for among as many members.
#[test]
fn a_crit_of_twenty_thousand_names() {
    let _measuring = MEASURING.lock();
    let names: Vec<String> = (0..20_000).map(|i| format!(r#""n{i}""#)).collect();
    let members: String = names.iter().map(|name| format!(",{name}:1")).collect();
    let token = token(&format!(r#"{{"alg":"ES256","crit":[{}]{members}}}"#, names.join(",")), "{}");
    // The fastest of some, since other processes may hold up one: 16 to 29 ms were seen beside five of them. The
    // bound leaves room for a busier machine.
    let time = (0..5).map(|_| measured(1, || decode_unverified(token.as_bytes(), 16 << 20).unwrap()).2).min().unwrap();
    println!("{} bytes, crit of 20,000 names: {time:?}", token.len());
    assert!(time < Duration::from_millis(250), "{time:?}");
    let verifier = Verifier::new(policy("a", 16 << 20), KeySet::default());
    let code = verifier.verify(&token, UnixTime::from_seconds(0)).unwrap_err().code();
    assert_eq!(code, ErrorCode::CritInvalid);
}

fn policy(issuer: &str, max_token_size: usize) -> Policy {
    let mut policy = Policy::new(Profile::Jwt, Accepted::OneOf(vec![issuer.into()]), Accepted::Any);
    policy.max_token_size = max_token_size;
    policy
}

/// RFC 8725 §3.8: whose keys to load is asked before the signature, and never beyond the policy's size.
#[test]
fn the_issuer_is_looked_for_within_the_size_limit() {
    let _measuring = MEASURING.lock();
    let verifier = |names: &[&str], size| {
        let trusted = |name: &&str| TrustedIssuer { policy: policy(name, size), keys: None };
        Verifier::with_issuers(names.iter().map(trusted).collect())
    };
    let small = token(r#"{"alg":"ES256"}"#, r#"{"iss":"b"}"#);
    assert_eq!(verifier(&["a", "b"], small.len()).issuer_index(&small), Some(1));
    assert_eq!(verifier(&["a", "b"], small.len() - 1).issuer_index(&small), None);
    assert_eq!(verifier(&["a", "c"], 16_384).issuer_index(&small), None);
    assert_eq!(verifier(&[], 16_384).issuer_index(&small), None);
    for (header, claims) in [("{}", r#"{"iss":"a"}"#), (r#"{"alg":"x"}"#, r#"{"iss":1}"#), (r#"{"alg":"x"}"#, "[]")] {
        assert_eq!(verifier(&["a", "b"], 16_384).issuer_index(token(header, claims)), None);
    }
    // A single issuer judges every token, and nothing is read.
    assert_eq!(verifier(&["a"], 0).issuer_index("no token"), Some(0));

    for claims in crowded(r#""iss":"b""#) {
        let token = token(r#"{"alg":"ES256"}"#, &claims);
        let (index, multiple, _) = measured(token.len(), || verifier(&["a", "b"], 16_384).issuer_index(&token));
        assert_eq!((index, multiple), (None, 0));
        let (index, multiple, _) = measured(token.len(), || verifier(&["a", "b"], 16 << 20).issuer_index(&token));
        assert!(index == Some(1) && multiple <= 24, "{multiple} times the token");
    }
}
