//! A key set, its issuer and its askers, moment by moment.

use countersign::{
    Action, Asker, Demand, Durations, Judged, KeySetAnswer, KeySource, Lack, Moment, News, Patience, RemoteKeySet, Span,
};

pub const START: f64 = 1_700_000_000.0;
pub const DAY: f64 = 86_400.0;
pub const ISSUER: &str = "https://auth.example.com";
pub const JWKS: &str = "https://auth.example.com/jwks";

/// So many seconds after the start, on both clocks.
pub fn at(seconds: f64) -> Moment {
    Moment { policy: START + seconds, machine: START + seconds }
}

/// A key set of keys with these identifiers; the key is that of RFC 8037 §A.2.
pub fn jwks(kids: &[&str]) -> String {
    let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    let keys: Vec<String> =
        kids.iter().map(|kid| format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{x}","kid":"{kid}"}}"#)).collect();
    format!(r#"{{"keys":[{}]}}"#, keys.join(","))
}

pub fn of(status: u16, text: &str) -> KeySetAnswer<'_> {
    KeySetAnswer { status, cache_control: None, age: None, text }
}

pub fn by_address() -> KeySource {
    KeySource { issuer: Some(ISSUER.into()), jwks_uri: Some(JWKS.into()), allow_http: false }
}

pub fn by_discovery() -> KeySource {
    KeySource { jwks_uri: None, ..by_address() }
}

/// The defaults, but for some; keys are due at nine tenths of their age, so that there is room before its end.
pub fn with(spans: &[(Span, f64)]) -> Durations {
    let mut durations = Durations::default();
    assert!(durations.set(Span::RenewAhead, DAY));
    for (span, seconds) in spans {
        assert!(durations.set(*span, *seconds), "{span:?} {seconds}");
    }
    durations
}

/// A key set at a known address, without a store.
pub fn plain() -> RemoteKeySet {
    RemoteKeySet::new(by_address(), with(&[]), false)
}

/// One with the key k1, fetched at the start; fresh for ten minutes.
pub fn loaded() -> RemoteKeySet {
    let mut set = plain();
    load(&mut set, &jwks(&["k1"]), 0.0);
    set
}

pub const OTHER: Lack = Lack::OtherKey;

pub fn key(kid: &str) -> Lack {
    Lack::Key(Some(kid.into()))
}

pub fn ask(set: &mut RemoteKeySet, judged: Judged<'_>, patience: Patience, seconds: f64) -> Demand {
    set.demand(judged, Asker { patience, arrival: None }, at(seconds))
}

/// Asks again, as somebody who came earlier.
pub fn ask_again(set: &mut RemoteKeySet, judged: Judged<'_>, arrival: u32, seconds: f64) -> Demand {
    set.demand(judged, Asker { patience: Patience::Waits, arrival: Some(arrival) }, at(seconds))
}

/// Begins a flight, by a token that passes or by one that fits no key.
pub fn begin(set: &mut RemoteKeySet, seconds: f64) -> u32 {
    let passed = ask(set, Judged::Passed, Patience::AtOnce, seconds).begin;
    passed.or_else(|| ask(set, Judged::Lacking(&OTHER), Patience::AtOnce, seconds).begin).expect("a flight")
}

pub fn address(set: &mut RemoteKeySet, flight: u32, seconds: f64) -> String {
    match set.next_action(flight, at(seconds)) {
        Some(Action::Fetch { url, .. }) => url,
        other => panic!("{other:?} at {seconds}"),
    }
}

/// Asks whatever the flight wants asked, and answers it.
pub fn respond(set: &mut RemoteKeySet, flight: u32, answer: KeySetAnswer<'_>, seconds: f64) {
    address(set, flight, seconds);
    set.answered(flight, answer, at(seconds));
}

/// A flight that begins and lands in one moment.
pub fn fly(set: &mut RemoteKeySet, answer: KeySetAnswer<'_>, seconds: f64) -> u32 {
    let flight = begin(set, seconds);
    respond(set, flight, answer, seconds);
    flight
}

pub fn load(set: &mut RemoteKeySet, text: &str, seconds: f64) -> u32 {
    fly(set, of(200, text), seconds)
}

/// A flight that begins and fails in one moment.
pub fn fail(set: &mut RemoteKeySet, seconds: f64) {
    fly(set, of(503, ""), seconds);
}

/// The identifiers of the keys that serve.
pub fn kids(set: &RemoteKeySet, seconds: f64) -> Option<Vec<String>> {
    let keys = set.usable(at(seconds))?.keys();
    Some(keys.iter().map(|key| key.kid().unwrap_or("-").to_owned()).collect())
}

pub fn news(set: &mut RemoteKeySet) -> Vec<News> {
    set.take_reports().into_iter().map(|report| report.news).collect()
}

/// A demand in words: "begin", "wait", "wait 0.08", a code and its seconds; empty: the verdict stands.
pub fn words(demand: &Demand, under_way: Option<u32>) -> String {
    let mut words = Vec::new();
    if let Some(begun) = demand.begin {
        assert_eq!(under_way, None, "two flights at once");
        assert_eq!(begun, demand.arrival + 1);
        words.push("begin".to_owned());
    }
    if let Some(flight) = demand.wait {
        assert_eq!(Some(flight), demand.begin.or(under_way));
        words.push(demand.at_most.map_or("wait".to_owned(), |seconds| format!("wait {seconds}")));
    }
    assert!(demand.wait.is_some() || demand.at_most.is_none());
    if let Some(error) = &demand.refuse {
        words.push(error.code().as_str().to_owned());
        words.extend(error.retry_after_seconds().map(|seconds| seconds.to_string()));
    }
    words.join(" ")
}
