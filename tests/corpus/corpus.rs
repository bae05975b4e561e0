//! The corpus of `tests/corpus`, natively: every case has the verdict that its RFC demands, and
//! `explain` agrees with `verify`. What is written to `corpus-native.digest`, a line a kind of case, is
//! what each runtime has to match.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use countersign::{
    Accepted, Algorithm, AuthorizedParty, DEFAULT_MAX_TOKEN_SIZE, Error, KeySet, Policy, Profile, ProofPolicy,
    SignaturePolicy, UnixTime, Verifier, pkce_challenge, thumbprint, verify_pkce, verify_proof, verify_signature,
};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Subject {
    subject: String,
    files: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Demands {
    issuer: Value,
    audience: Value,
    algorithms: Option<Vec<String>>,
    profile: Option<String>,
    typ: Option<Value>,
    subject: Option<String>,
    clock_tolerance: Option<f64>,
    max_token_age: Option<f64>,
    required_claims: Option<Vec<String>>,
    crit: Option<Vec<String>>,
    nonce: Option<String>,
    access_token: Option<String>,
    code: Option<String>,
    max_age: Option<f64>,
    acr: Option<Value>,
    max_token_size: Option<usize>,
    scope: Option<Value>,
    authorized_party: Option<Value>,
    trusted_audiences: Option<Value>,
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(values) => values.iter().flat_map(texts).collect(),
        other => panic!("neither a string nor an array of strings: {other}"),
    }
}

fn accepted(value: &Value) -> Accepted {
    if value.is_null() { Accepted::Any } else { Accepted::OneOf(texts(value)) }
}

fn policy(demands: Demands) -> Policy {
    let profile = demands.profile.map_or(Profile::Jwt, |name| Profile::from_name(&name).unwrap());
    let mut policy = Policy::new(profile, accepted(&demands.issuer), accepted(&demands.audience));
    policy.algorithms = demands
        .algorithms
        .map(|names| names.iter().map(|name| Algorithm::from_name(name).unwrap_or_else(|| panic!("{name}"))).collect());
    policy.typ = demands.typ.as_ref().map(texts);
    policy.subject = demands.subject;
    policy.clock_tolerance = duration(demands.clock_tolerance.unwrap_or_default());
    policy.max_token_age = demands.max_token_age.map(duration);
    policy.required_claims = demands.required_claims.unwrap_or(policy.required_claims);
    policy.crit = demands.crit.unwrap_or_default();
    policy.nonce = demands.nonce;
    policy.access_token = demands.access_token;
    policy.authorization_code = demands.code;
    policy.max_authentication_age = demands.max_age.map(duration);
    policy.acr = demands.acr.as_ref().map(texts);
    policy.max_token_size = demands.max_token_size.unwrap_or(policy.max_token_size);
    policy.scopes = demands.scope.as_ref().map(texts).unwrap_or_default();
    policy.trusted_audiences = demands.trusted_audiences.as_ref().map(texts).unwrap_or_default();
    if let Some(parties) = &demands.authorized_party {
        policy.authorized_party = AuthorizedParty::OneOf(texts(parties));
    }
    policy
}

/// A value, or the shared one that `@name` stands for.
fn resolve<'v>(value: &'v Value, shared: &'v BTreeMap<String, Value>) -> &'v Value {
    match value.as_str().and_then(|text| text.strip_prefix('@')) {
        Some(name) => &shared[name],
        None => value,
    }
}

fn keys(value: &Value) -> Result<KeySet, countersign::Error> {
    match value {
        Value::String(text) => KeySet::parse(text.as_bytes()),
        other => KeySet::parse(other.to_string().as_bytes()),
    }
}

/// The text of a member.
fn text<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    value[name].as_str()
}

fn bytes(case: &Value) -> Vec<u8> {
    match (text(case, "token"), text(case, "tokenHex")) {
        (Some(token), None) => token.as_bytes().to_vec(),
        (None, Some(hex)) => {
            (0..hex.len()).step_by(2).map(|i| u8::from_str_radix(&hex[i..i + 2], 16).unwrap()).collect()
        }
        _ => panic!("{case}: either token or tokenHex"),
    }
}

fn algorithms(value: &Value) -> Option<Vec<Algorithm>> {
    (!value.is_null()).then(|| texts(value).iter().map(|name| Algorithm::from_name(name).unwrap()).collect())
}

fn seconds(seconds: f64) -> UnixTime {
    UnixTime::from_seconds_f64(seconds).unwrap()
}

fn duration(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

fn read<T: serde::de::DeserializeOwned>(file: &str) -> T {
    let text = fs::read_to_string(folder().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// What a case comes to: a word, and the SHA-256 of the payload that was accepted.
type Outcome = (String, Option<String>);

fn accepted_payload(verdict: Result<Vec<u8>, Error>) -> Outcome {
    match verdict {
        Ok(payload) => (String::from("accept"), Some(sha256_hex(&payload))),
        Err(refusal) => (refusal.code().to_string(), None),
    }
}

fn returned(value: Result<String, Error>) -> Outcome {
    (value.unwrap_or_else(|refusal| refusal.code().to_string()), None)
}

fn token(case: &Value, shared: &Shared) -> Outcome {
    let demands = serde_json::from_value(resolve(&case["policy"], &shared.policies).clone()).unwrap();
    let keys = match keys(resolve(&case["keys"], &shared.keys)) {
        Ok(keys) => keys,
        Err(refusal) => return (refusal.code().to_string(), None),
    };
    let verifier = Verifier::new(policy(demands), keys);
    let (token, now) = (bytes(case), seconds(case["now"].as_f64().unwrap()));
    let verdict = verifier.verify(&token, now);
    // A second look: the header of a token whose signature held is known by now.
    let again = verifier.verify(&token, now);
    let explanation = verifier.explain(&token, now);
    for verdict in [&verdict, &again] {
        assert_eq!(explanation.refusal.as_ref(), verdict.as_ref().err(), "{}: explain disagrees", case["name"]);
    }
    accepted_payload(verdict.map(|token| token.payload().to_vec()))
}

fn signature(case: &Value, shared: &Shared) -> Outcome {
    let options = &case["options"];
    let policy = SignaturePolicy {
        algorithms: algorithms(&options["algorithms"]),
        crit: if options["crit"].is_null() { Vec::new() } else { texts(&options["crit"]) },
        max_token_size: DEFAULT_MAX_TOKEN_SIZE,
    };
    let verdict = keys(resolve(&case["keys"], &shared.keys))
        .and_then(|keys| verify_signature(&bytes(case), &keys, &policy))
        .map(|token| token.payload().to_vec());
    accepted_payload(verdict)
}

fn dpop(case: &Value) -> Outcome {
    let options = &case["options"];
    let owned = |name| text(options, name).map(String::from);
    let policy = ProofPolicy {
        method: owned("method").unwrap(),
        url: owned("url").unwrap(),
        access_token: owned("accessToken"),
        nonce: owned("nonce"),
        thumbprint: owned("thumbprint"),
        algorithms: algorithms(&options["algorithms"]),
        max_age: duration(options["maxAge"].as_f64().unwrap_or(60.0)),
    };
    let proof = text(case, "proof").unwrap();
    let verdict = verify_proof(proof.as_bytes(), &policy, seconds(options["now"].as_f64().unwrap()));
    // Whether a proof was seen before is for the caller's store to say.
    if verdict.is_ok() && options["seen"] == Value::Bool(true) {
        return (String::from("dpop_replayed"), None);
    }
    accepted_payload(verdict.map(|proof| proof.claims.into_bytes()))
}

fn pkce(case: &Value) -> Outcome {
    let verifier = text(case, "verifier").unwrap();
    match text(case, "call") {
        Some("challenge") => returned(pkce_challenge(verifier)),
        _ => returned(
            verify_pkce(verifier, text(case, "challenge").unwrap(), text(case, "method"))
                .map(|answer| answer.to_string()),
        ),
    }
}

/// All cases, in the order of `index.json`, which has to list every file that is there.
fn cases() -> Vec<Value> {
    let mut cases = Vec::new();
    for Subject { subject, files } in read::<Vec<Subject>>("index.json") {
        let listed: BTreeSet<String> = files.iter().map(|file| format!("{file}.json")).collect();
        let there = fs::read_dir(folder().join("cases").join(&subject)).unwrap();
        let there: BTreeSet<String> = there.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        assert_eq!(there, listed, "{subject}: index.json and the folder differ");
        cases.extend(files.iter().map(|file| read::<Value>(&format!("cases/{subject}/{file}.json"))));
    }
    cases
}

struct Shared {
    keys: BTreeMap<String, Value>,
    policies: BTreeMap<String, Value>,
}

#[test]
fn every_case_has_its_verdict() {
    let shared = Shared { keys: read("keys.json"), policies: read("policies.json") };
    let mut lines: BTreeMap<String, (usize, String)> = BTreeMap::new();
    let mut wrong = Vec::new();
    for case in cases() {
        let (name, kind) = (text(&case, "name").unwrap(), text(&case, "kind").unwrap());
        if kind == "ml-dsa" && !cfg!(feature = "ml-dsa") {
            continue;
        }
        let (outcome, payload) = match kind {
            "token" | "ml-dsa" => token(&case, &shared),
            "signature" => signature(&case, &shared),
            "dpop" => dpop(&case),
            "pkce" => pkce(&case),
            "thumbprint" => returned(thumbprint(case["jwk"].to_string().as_bytes())),
            other => panic!("{name}: unknown kind {other}"),
        };
        let expected = case["expect"].as_str().map_or_else(|| case["expect"].to_string(), String::from);
        if outcome != expected {
            wrong.push(format!("{name}: {outcome}, expected {expected}"));
        }
        let (cases, text) = lines.entry(String::from(kind)).or_default();
        *cases += 1;
        writeln!(text, "{name}\t{outcome}\t{}", payload.as_deref().unwrap_or("-")).unwrap();
    }
    write_digests(&lines);
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

fn write_digests(lines: &BTreeMap<String, (usize, String)>) {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target"), PathBuf::from);
    let digests: String =
        lines.iter().map(|(kind, (cases, text))| format!("{kind} {cases} {}\n", sha256_hex(text.as_bytes()))).collect();
    print!("{digests}");
    fs::create_dir_all(&target).unwrap();
    fs::write(target.join("corpus-native.digest"), digests).unwrap();
}

fn sha256_hex(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
