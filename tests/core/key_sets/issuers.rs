//! Issuers that somebody is asked about: every state, what is asked, who waits, and what strangers cannot cause.

use std::collections::{BTreeMap, BTreeSet};

use countersign::{Asker, IssuerDemand, IssuerLimit, IssuerLimits, IssuerTable, Moment, Patience};

use crate::common::at;

type Table = IssuerTable<u32>;

const ACME: &str = "https://login.example/acme";

fn table() -> Table {
    Table::new(IssuerLimits::default(), false)
}

fn ask_as(table: &mut Table, name: &str, patience: Patience, seconds: f64) -> IssuerDemand {
    table.demand(name, Asker { patience, arrival: None }, at(seconds))
}

fn ask(table: &mut Table, name: &str, seconds: f64) -> IssuerDemand {
    ask_as(table, name, Patience::Waits, seconds)
}

/// A demand in words, as those of key sets.
fn words(demand: &IssuerDemand) -> String {
    let mut words = Vec::new();
    words.extend(demand.known.map(|_| "known".to_owned()));
    words.extend(demand.begin.map(|_| "begin".to_owned()));
    words.extend(demand.wait.map(|_| demand.at_most.map_or("wait".to_owned(), |most| format!("wait {most}"))));
    if let Some(error) = &demand.refuse {
        words.push(error.code().as_str().to_owned());
        words.extend(error.retry_after_seconds().map(|seconds| seconds.to_string()));
    }
    words.join(" ")
}

fn said(table: &mut Table, name: &str, patience: Patience, seconds: f64) -> String {
    words(&ask_as(table, name, patience, seconds))
}

fn resolve(table: &mut Table, name: &str, answer: u32, seconds: f64) {
    let question = ask(table, name, seconds).begin.expect("a question");
    assert_eq!(table.question(question), Some(name));
    table.resolved(question, answer, at(seconds));
}

const PATIENCES: [Patience; 3] = [Patience::Waits, Patience::AtOnce, Patience::WaitedLong];

#[test]
fn every_limit_has_a_default_and_bounds_that_may_be_reached() {
    const DAY: f64 = 86_400.0;
    for (limit, default, min, max) in [
        (IssuerLimit::Issuers, 500.0, 1.0, 10_000.0),
        (IssuerLimit::KnownFor, 300.0, 1.0, DAY),
        (IssuerLimit::UnknownFor, 60.0, 1.0, 3_600.0),
        (IssuerLimit::MaxStale, 3_600.0, 0.0, DAY),
        (IssuerLimit::Rate, 20.0, 0.1, 1_000.0),
        (IssuerLimit::Timeout, 5.0, 0.1, 60.0),
        (IssuerLimit::Patience, 0.08, 0.0, 5.0),
    ] {
        let mut limits = IssuerLimits::default();
        assert_eq!(limits.get(limit), default, "{limit:?}");
        for wrong in [min - 0.001, max + 0.001, f64::NAN, f64::INFINITY] {
            assert!(!limits.set(limit, wrong) && limits == IssuerLimits::default(), "{limit:?} {wrong}");
        }
        assert!(limits.set(limit, min) && limits.set(limit, max) && limits.get(limit) == max);
    }
}

/// What is known of an issuer while somebody asks, and what each asker is told: who waits, who does not, who has waited.
#[test]
fn every_state_and_every_asker() {
    let unknown = |_: &mut Table| {};
    let asked = |table: &mut Table| drop(ask(table, ACME, 0.0));
    let ours = |table: &mut Table| resolve(table, ACME, 7, 0.0);
    let not_ours = |table: &mut Table| {
        let question = ask(table, ACME, 0.0).begin.unwrap();
        table.refused(question, at(0.0));
    };
    let in_vain = |table: &mut Table| {
        let question = ask(table, ACME, 0.0).begin.unwrap();
        table.failed(question, "no database", at(0.0));
    };
    let renewing = |table: &mut Table| {
        resolve(table, ACME, 7, 0.0);
        assert_eq!(words(&ask(table, ACME, 301.0)), "known begin wait 0.08");
    };
    let renewed_in_vain = |table: &mut Table| {
        resolve(table, ACME, 7, 0.0);
        let question = ask(table, ACME, 301.0).begin.unwrap();
        table.failed(question, "no database", at(301.0));
    };
    type Scene<'s> = (&'s str, &'s dyn Fn(&mut Table), f64, [&'s str; 3]);
    let table_of_scenes: [Scene<'_>; 14] = [
        ("unknown", &unknown, 0.0, ["begin wait", "begin keys_not_loaded 1", "begin keys_not_loaded 1"]),
        ("asked about", &asked, 1.0, ["wait", "keys_not_loaded 1", "keys_not_loaded 1"]),
        ("its asker has died", &asked, 5.6, ["begin wait", "begin keys_not_loaded 1", "begin keys_not_loaded 1"]),
        ("ours", &ours, 299.9, ["known", "known", "known"]),
        ("ours, the answer is old", &ours, 300.0, ["known begin wait 0.08", "known begin", "known begin"]),
        ("ours, the last moment", &ours, 3_899.9, ["known begin wait 0.08", "known begin", "known begin"]),
        ("was ours", &ours, 3_900.0, ["begin wait", "begin keys_not_loaded 1", "begin keys_not_loaded 1"]),
        ("being renewed", &renewing, 301.1, ["known wait 0.08", "known", "known"]),
        ("renewed in vain", &renewed_in_vain, 301.9, ["known", "known", "known"]),
        ("renewed in vain, after its rest", &renewed_in_vain, 302.0, ["known begin", "known begin", "known begin"]),
        ("not ours", &not_ours, 59.9, ["issuer_mismatch"; 3]),
        ("was not ours", &not_ours, 60.0, ["begin wait", "begin keys_not_loaded 1", "begin keys_not_loaded 1"]),
        ("asked about in vain", &in_vain, 0.9, ["issuer_unavailable 1"; 3]),
        ("after its rest", &in_vain, 1.0, ["begin wait", "begin keys_not_loaded 1", "begin keys_not_loaded 1"]),
    ];
    for (what, scene, seconds, told) in table_of_scenes {
        for (patience, told) in PATIENCES.into_iter().zip(told) {
            let mut table = table();
            scene(&mut table);
            assert_eq!(said(&mut table, ACME, patience, seconds), told, "{what}, {patience:?}");
        }
    }
}

#[test]
fn answers_replace_each_other_and_are_numbered() {
    let mut table = table();
    resolve(&mut table, ACME, 7, 0.0);
    let (first, answer) = table.answer(ACME).map(|(version, answer)| (version, *answer)).unwrap();
    assert_eq!(answer, 7);
    assert!(table.stands(ACME, first, at(299.0)) && !table.stands(ACME, first, at(300.0)));
    let changes = table.changes();
    resolve(&mut table, ACME, 8, 300.0);
    let (second, answer) = table.answer(ACME).map(|(version, answer)| (version, *answer)).unwrap();
    assert!(answer == 8 && second != first && table.changes() != changes);
    assert!(!table.stands(ACME, first, at(300.0)) && table.stands(ACME, second, at(300.0)));
    let question = ask(&mut table, ACME, 600.0).begin.unwrap();
    let changes = table.changes();
    table.refused(question, at(600.0));
    assert!(table.answer(ACME).is_none() && table.is_empty() && table.changes() != changes);
    assert_eq!(said(&mut table, ACME, Patience::Waits, 600.0), "issuer_mismatch");
    // Who comes too late changes nothing.
    table.resolved(question, 9, at(600.0));
    table.failed(question, "late", at(600.0));
    assert!(table.answer(ACME).is_none());
}

#[test]
fn rests_grow_to_half_a_minute_and_end_with_an_answer() {
    let mut table = table();
    let mut seconds = 0.0;
    for rest in [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0] {
        let question = ask(&mut table, ACME, seconds).begin.expect("a question");
        table.failed(question, "no database", at(seconds));
        let refused = ask(&mut table, ACME, seconds + rest - 0.5).refuse.unwrap();
        assert_eq!(refused.found_value(), Some("no database (https://login.example/acme)"));
        assert_eq!((refused.code().as_str(), refused.code().status()), ("issuer_unavailable", 503));
        seconds += rest;
    }
    resolve(&mut table, ACME, 7, seconds);
    assert_eq!(said(&mut table, ACME, Patience::Waits, seconds), "known");
}

#[test]
fn whoever_asks_may_die() {
    let mut table = table();
    let first = ask(&mut table, ACME, 0.0).begin.unwrap();
    table.beat(first, at(0.0));
    assert!(table.is_under_way(first, at(0.4)));
    table.beat(first, at(0.4));
    assert!(table.is_under_way(first, at(0.9)) && !table.is_under_way(first, at(1.0)));
    let second = ask(&mut table, ACME, 1.0).begin.expect("another question");
    table.resolved(first, 1, at(1.0));
    assert!(table.answer(ACME).is_none(), "a dead question was answered");
    table.resolved(second, 2, at(1.0));
    assert_eq!(table.answer(ACME).map(|(_, answer)| *answer), Some(2));
    assert_eq!(table.question(second), None);
}

#[test]
fn clocks_that_are_set_back_lead_to_questions_and_not_to_refusals() {
    let mut table = table();
    resolve(&mut table, ACME, 7, 10_000.0);
    assert_eq!(said(&mut table, ACME, Patience::AtOnce, 10_000.0), "known");
    assert_eq!(said(&mut table, ACME, Patience::AtOnce, 0.0), "known begin");
    // One clock alone may stand still.
    let moment = |policy: f64, machine: f64| Moment { policy: at(policy).policy, machine: at(machine).machine };
    let mut still = self::table();
    resolve(&mut still, ACME, 7, 0.0);
    let asker = Asker { patience: Patience::AtOnce, arrival: None };
    assert_eq!(words(&still.demand(ACME, asker, moment(0.0, 299.0))), "known");
    assert_eq!(words(&still.demand(ACME, asker, moment(0.0, 300.0))), "known begin");
}

#[test]
fn only_issuers_are_asked_about() {
    for name in [
        "",
        "acme",
        "http://login.example",
        "https://",
        "https://u@login.example",
        "https://login.example?a",
        "https://login.example#a",
        "https://login.example/{tid}",
        "https://login.example/ a",
        "https://login.example/\u{e9}",
        "https://login.example/\u{202e}",
        &format!("https://login.example/{}", "a".repeat(491)),
    ] {
        assert_eq!(said(&mut table(), name, Patience::Waits, 0.0), "issuer_mismatch", "{name}");
    }
    let longest = format!("https://login.example/{}", "a".repeat(490));
    assert_eq!((longest.len(), said(&mut table(), &longest, Patience::Waits, 0.0).as_str()), (512, "begin wait"));
    let mut inside = Table::new(IssuerLimits::default(), true);
    assert_eq!(said(&mut inside, "http://login.internal/a", Patience::Waits, 0.0), "begin wait");
}

#[test]
fn strangers_cause_so_many_questions_a_second() {
    let mut table = table();
    let mut begun = 0;
    for nth in 0..100_000 {
        let seconds = f64::from(nth) / 1_000.0;
        if let Some(question) = ask(&mut table, &format!("https://stranger-{nth}.example"), seconds).begin {
            begun += 1;
            table.refused(question, at(seconds));
        }
    }
    // 200 at once, 20 a second for 100 seconds.
    assert!((2_190..=2_200).contains(&begun), "{begun} questions");
    assert!(table.len().0 == 0 && table.len().1 <= 2_000);
    // A function that hangs is called a hundred times.
    let mut hanging = self::table();
    let names = (0..1_000).map(|nth| format!("https://stranger-{nth}.example"));
    let begun = names.filter(|name| ask(&mut hanging, name, 0.0).begin.is_some()).count();
    assert_eq!(begun, 100);
    assert_eq!(said(&mut hanging, ACME, Patience::Waits, 1.0), "issuer_unavailable 1");
    assert_eq!(said(&mut hanging, ACME, Patience::Waits, 6.0), "begin wait");
}

#[test]
fn proven_issuers_give_way_to_proven_ones_only() {
    let mut limits = IssuerLimits::default();
    assert!(limits.set(IssuerLimit::Issuers, 3.0) && limits.set(IssuerLimit::Rate, 1_000.0));
    let mut table = Table::new(limits, false);
    let name = |nth: u32| format!("https://login.example/{nth}");
    for nth in 0..3 {
        resolve(&mut table, &name(nth), nth, f64::from(nth));
        table.passed(&name(nth), at(f64::from(nth)));
    }
    // Whoever names our tenants in tokens that do not pass displaces others of that kind.
    for nth in 10..1_000 {
        resolve(&mut table, &name(nth), nth, 10.0);
    }
    assert_eq!(table.len().0, 253);
    assert!((0..3).all(|nth| table.answer(&name(nth)).is_some()));
    // One whose token passes displaces the one that was seen last the longest time ago.
    table.passed(&name(0), at(20.0));
    table.passed(&name(999), at(21.0));
    assert_eq!([0, 1, 2, 999].map(|nth| table.answer(&name(nth)).is_some()), [true, false, true, true]);
}

/// A small generator: the runs are the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

#[test]
fn whatever_happens_the_bounds_hold() {
    for seed in 0..40 {
        let mut dice = Dice(seed);
        let mut limits = IssuerLimits::default();
        assert!(limits.set(IssuerLimit::Issuers, 5.0) && limits.set(IssuerLimit::Rate, 4.0));
        let mut table = Table::new(limits, false);
        let (mut seconds, mut begun) = (0.0, 0);
        let mut under_way: BTreeMap<u32, String> = BTreeMap::new();
        let mut renewals = 0;
        for _ in 0..3_000 {
            seconds += dice.roll(100) as f64 / 50.0;
            let tenants = if dice.roll(2) == 0 { 12 } else { 100_000 };
            let name = format!("https://login.example/{}", dice.roll(tenants));
            let patience = PATIENCES[dice.roll(3) as usize];
            let demand = ask_as(&mut table, &name, patience, seconds);
            assert!(demand.wait.is_none() || patience == Patience::Waits);
            assert!(demand.known.is_none() || demand.refuse.is_none());
            assert!(demand.known.is_some() || demand.refuse.is_some() || demand.wait.is_some());
            if let Some(question) = demand.begin {
                if demand.known.is_some() {
                    renewals += 1
                } else {
                    begun += 1
                }
                assert!(under_way.insert(question, name.clone()).is_none());
            }
            under_way.retain(|id, _| table.question(*id).is_some());
            let names: BTreeSet<&String> = under_way.values().collect();
            assert_eq!(names.len(), under_way.len(), "two questions about one issuer");
            if let (Some((&question, _)), true) = (under_way.iter().next(), dice.roll(3) > 0) {
                match dice.roll(4) {
                    0 => table.refused(question, at(seconds)),
                    1 => table.failed(question, "failed", at(seconds)),
                    _ => table.resolved(question, seed as u32, at(seconds)),
                }
                assert_eq!(table.question(question), None);
            }
            if demand.known.is_some() && dice.roll(2) == 0 {
                table.passed(&name, at(seconds));
            }
            let (known, remembered) = table.len();
            assert!(known <= 255 && remembered <= 2_000 && under_way.len() <= 110);
            assert!(f64::from(begun) <= 40.0 + 4.0 * seconds, "{begun} questions in {seconds} s");
        }
        assert!(begun > 100 && renewals > 0, "{begun} {renewals}");
    }
}
