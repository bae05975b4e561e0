//! When a page asks by itself whether somebody is logged in: random histories of a browser and its tabs, and what holds in
//! every one. The server keeps some visitors, refuses some and knows some; pages load themselves again.

use countersign::{silent_attempt, silent_refused};

const SESSION: &str = "1";
const WINDOW: f64 = 60.0;
const MAX_ATTEMPTS: usize = 3;

fn random(seed: &mut u64) -> u64 {
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    seed.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33
}

#[test]
fn random_histories() {
    let mut seed = 11;
    for _ in 0..500 {
        let mut now = 1_800_000_000.0;
        let mut mark: Option<String> = Some(SESSION.into());
        // Of each tab: what it keeps, and when it has asked without its user since.
        let mut tabs: Vec<(Option<String>, Option<f64>, Vec<f64>)> = vec![(None, None, Vec::new()); 3];
        for _ in 0..80 {
            let (kept, acted, asked) = &mut tabs[(random(&mut seed) % 3) as usize];
            if random(&mut seed).is_multiple_of(8) {
                // The user does something.
                asked.clear();
                *acted = Some(now);
            }
            let attempt = silent_attempt(mark.as_deref(), kept.as_deref(), *acted, now, false);
            if let Some(attempt) = attempt {
                assert!(mark.as_deref().is_some_and(|mark| !mark.is_empty()), "nobody was here");
                assert_ne!(attempt.mark, SESSION, "the mark is taken before the page is left");
                mark = Some(attempt.mark);
                *kept = Some(attempt.attempts);
                asked.push(now);
                now += (random(&mut seed) % 4) as f64;
                match random(&mut seed) % 3 {
                    0 => mark = Some(SESSION.into()),
                    1 => {
                        let refused = silent_refused(mark.as_deref(), now);
                        (mark, *kept) = (Some(refused.mark), Some(refused.attempts));
                    }
                    // Nobody comes back to tell.
                    _ => {}
                }
            }
            let recent = asked.iter().rev().take(MAX_ATTEMPTS + 1);
            let gaps = recent.clone().zip(recent.skip(1)).all(|(later, earlier)| later - earlier < WINDOW);
            assert!(asked.len() <= MAX_ATTEMPTS || !gaps, "a cycle without the user: {asked:?}");
            now += [0.0, 2.0, 20.0, 61.0][(random(&mut seed) % 4) as usize];
            // A session that another page has, or has ended.
            match random(&mut seed) % 40 {
                0 => mark = Some(SESSION.into()),
                1 => mark = None,
                _ => {}
            }
        }
    }
}

/// Whatever a storage holds, nothing fails.
#[test]
fn texts_of_somebody_else() {
    let texts =
        ["", " ", "1", "2", "2 ", "2 x", "3 99999999999999999999999", "99999999999 1", "-1 -1", "\u{0}", "1 1 1"];
    for mark in texts {
        for attempts in texts {
            for now in [0.0, -1.0, f64::NAN, f64::INFINITY, 1.8e9, 1e300] {
                let _ = silent_attempt(Some(mark), Some(attempts), Some(now), now, false);
                let _ = silent_refused(Some(mark), now);
            }
        }
    }
}
