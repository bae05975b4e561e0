//! Every duration: its value unless it is set, and its bounds.

use countersign::{Durations, RemoteKeySet, Span};

use crate::common::{DAY, by_address, jwks, kids, load};

const HOUR: f64 = 3_600.0;

/// The values that the documentation promises.
const TABLE: [(Span, f64, f64, f64); 13] = [
    (Span::DefaultAge, 600.0, 30.0, DAY),
    (Span::MinAge, 60.0, 30.0, HOUR),
    (Span::MaxAge, DAY, 60.0, 7.0 * DAY),
    (Span::MaxStale, DAY, 0.0, 7.0 * DAY),
    (Span::Cooldown, 30.0, 1.0, HOUR),
    (Span::CooldownAfterNews, 1.0, 1.0, HOUR),
    (Span::MaxBackoff, 30.0, 1.0, HOUR),
    (Span::Timeout, 5.0, 0.1, 60.0),
    (Span::StoreTimeout, 1.0, 0.05, 10.0),
    (Span::Patience, 0.08, 0.0, 5.0),
    (Span::PlaceAge, HOUR, 60.0, DAY),
    (Span::Absence, 30.0, 0.0, HOUR),
    (Span::RenewAhead, 0.5, 0.0, DAY),
];

#[test]
fn every_duration_has_a_default_and_bounds_that_may_be_reached() {
    for (span, default, min, max) in TABLE {
        let mut durations = Durations::default();
        assert_eq!(durations.get(span), default, "{span:?}");
        for wrong in [min - 0.001, max + 0.001, -1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(!durations.set(span, wrong), "{span:?} {wrong}");
            assert_eq!(durations, Durations::default());
        }
        for right in [min, max] {
            assert!(durations.set(span, right), "{span:?} {right}");
            assert_eq!(durations.get(span), right);
            let others = TABLE.iter().filter(|(other, ..)| *other != span);
            others.for_each(|(other, default, ..)| assert_eq!(durations.get(*other), *default));
        }
    }
}

#[test]
fn a_key_set_lives_at_every_extreme() {
    for extreme in [|(_, _, min, _): (Span, f64, f64, f64)| min, |(_, _, _, max): (Span, f64, f64, f64)| max] {
        let mut durations = Durations::default();
        TABLE.iter().for_each(|row| assert!(durations.set(row.0, extreme(*row))));
        let age = durations.get(Span::DefaultAge);
        let bound = age + durations.get(Span::MaxStale);
        let mut set = RemoteKeySet::new(by_address(), durations, false);
        load(&mut set, &jwks(&["k1"]), 0.0);
        assert!(kids(&set, bound - 0.5).is_some() && kids(&set, bound).is_none());
        load(&mut set, &jwks(&["k2"]), bound);
        assert_eq!(kids(&set, bound), Some(vec!["k2".to_owned()]));
    }
}
