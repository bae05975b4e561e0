//! The corpus of `tests/vectors`, natively: every case has the verdict that its RFC demands, and
//! `explain` agrees with `verify`. The digest that this prints is what each runtime has to match.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use countersign::{Accepted, Algorithm, KeySet, Policy, Profile, UnixTime, Verifier};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    name: String,
    token: Option<String>,
    token_hex: Option<String>,
    keys: Value,
    policy: Value,
    now: f64,
    expect: String,
}

#[derive(Deserialize)]
struct Entry {
    file: String,
    kind: String,
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
    let seconds = |seconds: f64| UnixTime::from_seconds_f64(seconds).unwrap();
    let profile = demands.profile.map_or(Profile::Jwt, |name| Profile::from_name(&name).unwrap());
    let mut policy = Policy::new(profile, accepted(&demands.issuer), accepted(&demands.audience));
    policy.algorithms = demands
        .algorithms
        .map(|names| names.iter().map(|name| Algorithm::from_name(name).unwrap_or_else(|| panic!("{name}"))).collect());
    policy.types = demands.typ.as_ref().map(texts);
    policy.subject = demands.subject;
    policy.clock_tolerance = seconds(demands.clock_tolerance.unwrap_or_default());
    policy.max_token_age = demands.max_token_age.map(seconds);
    policy.required_claims = demands.required_claims.unwrap_or(policy.required_claims);
    policy.understood_extensions = demands.crit.unwrap_or_default();
    policy.nonce = demands.nonce;
    policy.access_token = demands.access_token;
    policy.authorization_code = demands.code;
    policy.max_authentication_age = demands.max_age.map(seconds);
    policy.authentication_contexts = demands.acr.as_ref().map(texts);
    policy.max_token_size = demands.max_token_size.unwrap_or(policy.max_token_size);
    policy.scopes = demands.scope.as_ref().map(texts).unwrap_or_default();
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

fn octets(case: &Case) -> Vec<u8> {
    match (&case.token, &case.token_hex) {
        (Some(token), None) => token.clone().into_bytes(),
        (None, Some(hex)) => {
            (0..hex.len()).step_by(2).map(|i| u8::from_str_radix(&hex[i..i + 2], 16).unwrap()).collect()
        }
        _ => panic!("{}: either token or tokenHex", case.name),
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors")
}

fn read<T: serde::de::DeserializeOwned>(file: &str) -> T {
    let text = fs::read_to_string(folder().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"))
}

#[test]
fn every_case_has_its_verdict() {
    let shared_keys: BTreeMap<String, Value> = read("keys.json");
    let shared_policies: BTreeMap<String, Value> = read("policies.json");
    let mut lines = String::new();
    let mut wrong = Vec::new();
    let mut cases = 0;
    for Entry { file, .. } in read::<Vec<Entry>>("index.json").into_iter().filter(|entry| entry.kind == "token") {
        for case in read::<Vec<Case>>(&file) {
            cases += 1;
            let demands = serde_json::from_value(resolve(&case.policy, &shared_policies).clone())
                .unwrap_or_else(|error| panic!("{}: {error}", case.name));
            let token = octets(&case);
            let (verdict, payload) = match keys(resolve(&case.keys, &shared_keys)) {
                Err(refusal) => (refusal.code().as_str(), None),
                Ok(keys) => {
                    let verifier = Verifier::new(policy(demands), keys);
                    let now = UnixTime::from_seconds_f64(case.now).unwrap();
                    let verdict = verifier.verify(&token, now);
                    let explanation = verifier.explain(&token, now);
                    assert_eq!(
                        explanation.refusal.as_ref(),
                        verdict.as_ref().err(),
                        "{}: explain disagrees",
                        case.name
                    );
                    match verdict {
                        Ok(token) => ("accept", Some(token.payload().to_vec())),
                        Err(refusal) => (refusal.code().as_str(), None),
                    }
                }
            };
            if verdict != case.expect {
                wrong.push(format!("{}: {verdict}, expected {}", case.name, case.expect));
            }
            let payload = payload.map_or_else(|| String::from("-"), |payload| sha256_hex(&payload));
            writeln!(lines, "{}\t{verdict}\t{payload}", case.name).unwrap();
        }
    }
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target"), PathBuf::from);
    let digest = sha256_hex(lines.as_bytes());
    fs::create_dir_all(&target).unwrap();
    fs::write(target.join("vectors-native.digest"), format!("{digest} {cases}\n")).unwrap();
    println!("{cases} cases, digest {digest}");
    assert!(wrong.is_empty(), "{} of {cases} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

fn sha256_hex(octets: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(octets).iter().map(|octet| format!("{octet:02x}")).collect()
}
