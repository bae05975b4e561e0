//! What a tab remembers of its authorization requests: random lives of them, and what holds in every one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;

use countersign::{Demands, ErrorCode, Match, StateAnswer, Transaction, Transactions, transaction_state};

const LIFETIME: f64 = 3_600.0;
const NOW: f64 = 1_800_000_000.0;

/// The tab: one text, and a clock.
#[derive(Default)]
struct Tab {
    kept: Option<String>,
    now: f64,
}

impl Tab {
    fn add(&mut self, transaction: Transaction) {
        let mut transactions = self.read();
        transactions.add(transaction, self.now);
        self.kept = transactions.write();
    }

    fn take(&mut self, state: Option<&str>) -> Match {
        let mut transactions = self.read();
        let address = "https://shop.example/cb?code=x";
        let matched =
            transactions.take(StateAnswer { state, address, redirect_uri: "https://shop.example/cb" }, self.now);
        self.kept = transactions.write();
        matched
    }

    fn read(&self) -> Transactions {
        Transactions::read(self.kept.as_deref().unwrap_or_default(), LIFETIME)
    }
}

fn transaction(n: u64) -> Transaction {
    Transaction {
        state: transaction_state("cs-a1-", &format!("random{n}")),
        verifier: format!("verifier{n}"),
        nonce: format!("nonce{n}"),
        return_to: format!("https://shop.example/{n}\"\\\u{7}ä"),
        app_state: n.is_multiple_of(3).then(|| format!("{{\"n\":{n}}}")),
        silent: n.is_multiple_of(2),
        demands: Demands {
            max_age: n.is_multiple_of(5).then_some(n),
            acr: match n % 4 {
                0 => Some(vec!["mfa".into(), "phr".into()]),
                1 => Some(Vec::new()),
                _ => None,
            },
        },
        jkt: n.is_multiple_of(7).then(|| format!("jkt{n}")),
        step_up: n.is_multiple_of(6).then(|| format!("{n} mfa pwd")),
        repeat: n.is_multiple_of(6).then(|| format!("https://api.example/{n}?\"")),
        subject: n.is_multiple_of(6).then(|| format!("ada{n}")),
    }
}

/// xorshift64*: the same lives in every run.
fn random(seed: &mut u64) -> u64 {
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    seed.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33
}

#[test]
fn random_lives() {
    let mut seed = 7;
    for _ in 0..300 {
        let mut tab = Tab { now: NOW, ..Tab::default() };
        let mut begun: BTreeMap<u64, f64> = BTreeMap::new();
        let mut taken = Vec::new();
        for n in 0..60 {
            match random(&mut seed) % 4 {
                0 | 1 => {
                    tab.add(transaction(n));
                    begun.insert(n, tab.now);
                }
                2 => tab.now += [1.0, 600.0, 3_599.0, 3_600.0][(random(&mut seed) % 4) as usize],
                _ => {
                    let n = random(&mut seed) % 60;
                    let state = transaction(n).state;
                    let age = begun.get(&n).map(|at| tab.now - at);
                    match tab.take(Some(&state)) {
                        Match::Found(found) => {
                            assert_eq!(found, transaction(n), "as it was remembered");
                            assert!(!taken.contains(&n), "an answer is good for one use");
                            assert!(age.is_some_and(|age| age < LIFETIME), "none that waited too long");
                            taken.push(n);
                            let kept = tab.kept.as_deref().unwrap_or_default();
                            for secret in [found.verifier, found.nonce] {
                                assert!(!kept.contains(&format!("\"{secret}\"")), "a secret outlives its use");
                            }
                        }
                        Match::Refused { error, return_to } => {
                            assert!(matches!(error.code(), ErrorCode::StateMissing | ErrorCode::StateMismatch));
                            assert!(!error.to_string().contains("random"), "no state in a text");
                            if let Some(return_to) = return_to {
                                assert_eq!(return_to, transaction(n).return_to);
                                assert_eq!(error.code(), ErrorCode::StateMissing);
                            }
                        }
                    }
                }
            }
            let kept = tab.kept.as_deref().unwrap_or_default();
            assert!(kept.matches("\"state\"").count() <= 16, "a tab keeps a bounded number");
            assert!(kept.matches("\"verifier\"").count() <= 8);
        }
    }
}

#[test]
fn the_latest_eight_are_awaited() {
    let mut tab = Tab { now: NOW, ..Tab::default() };
    (0..10).for_each(|n| tab.add(transaction(n)));
    for n in (0..10).rev() {
        assert_eq!(matches!(tab.take(Some(&transaction(n).state)), Match::Found(_)), n >= 2, "{n}");
    }
}

#[test]
fn used_expired_foreign_and_missing_are_told_apart() {
    let mut tab = Tab { now: NOW, ..Tab::default() };
    let refused = |matched| match matched {
        Match::Refused { error, return_to } => {
            Some((error.code(), error.found_value().map(String::from), return_to.map(|to| to.len())))
        }
        Match::Found(_) => None,
    };
    let found = |text: &str| Some(String::from(text));
    let length = Some(transaction(1).return_to.len());
    assert_eq!(
        refused(tab.take(Some("cs-a1-x"))),
        Some((ErrorCode::StateMissing, found("no login that this tab has begun"), None))
    );
    tab.add(transaction(1));
    assert_eq!(refused(tab.take(Some("cs-a1-x"))), Some((ErrorCode::StateMismatch, found("another state"), None)));
    assert_eq!(refused(tab.take(None)), Some((ErrorCode::StateMismatch, found("no state"), None)));
    assert!(matches!(tab.take(Some(&transaction(1).state)), Match::Found(_)));
    assert_eq!(
        refused(tab.take(Some(&transaction(1).state))),
        Some((ErrorCode::StateMissing, found("an answer that was used already"), length))
    );
    tab.add(transaction(2));
    tab.now += 3_600.0;
    assert_eq!(
        refused(tab.take(Some(&transaction(2).state))),
        Some((ErrorCode::StateMissing, found("an answer after 3600 s"), length))
    );
}

#[test]
fn what_is_no_record_is_none() {
    for text in [
        "",
        "{",
        "null",
        "[7,null,[],{}]",
        r#"[{"state":"s"}]"#,
        r#"[{"state":"s","createdAt":1800000000,"verifier":"v"}]"#,
        r#"[{"state":"s","createdAt":"soon","verifier":"v"}]"#,
        r#"[{"state":"s","createdAt":"-1","verifier":"v"}]"#,
        r#"[{"state":"s","createdAt":"99999999999999999999","verifier":"v"}]"#,
        r#"[{"state":["s"],"createdAt":"1800000000","verifier":"v"}]"#,
        r#"[{"state":"s","createdAt":"1800000000"}]"#,
        r#"[{"state":"s","state":"s","createdAt":"1800000000","verifier":"v"}]"#,
    ] {
        let mut tab = Tab { kept: Some(text.into()), now: NOW };
        assert!(matches!(tab.take(Some("s")), Match::Refused { .. }), "{text}");
    }
    let mut tab = Tab { kept: Some(r#"[{"state":"s","createdAt":"1800000000","verifier":"v"}]"#.into()), now: NOW };
    assert!(matches!(tab.take(Some("s")), Match::Found(_)));
}
