//! The life of a key set: tokens come, flights are performed step by step, answered, cut off or forgotten, keys are
//! published and withdrawn, clocks go on and back. Whatever the order, the model of `key_set_model` holds. Input: the
//! settings, then three octets a step.
#![no_main]

use countersign::{
    Action, Asker, Durations, Judged, KeySetAnswer, KeySource, Lack, Moment, Patience, RemoteKeySet, Span,
};
use countersign_fuzz::key_set_model::{Held, Model};
use libfuzzer_sys::fuzz_target;

#[derive(Debug)]
enum Step {
    /// Which clocks, and how far.
    Time(u8, u8),
    /// A token comes, of this key.
    Token {
        kid: u8,
        fits: bool,
        patience: u8,
    },
    /// Somebody who waited asks again.
    Again {
        asker: u8,
        late: bool,
    },
    /// A flight goes one step further: the one under way, or an earlier one.
    Act {
        earlier: u8,
        how: u8,
        seconds: u8,
    },
    Beat {
        earlier: u8,
    },
    /// The issuer publishes these keys from now on.
    Publish(u8),
    /// An object that is made anew gets an entry.
    Restore {
        how: u8,
        seconds: u8,
    },
}

const ISSUER: &str = "https://auth.example.com";
const PLACES: [&str; 2] = ["https://auth.example.com/a", "https://auth.example.com/b"];

/// Multiples of eighths, so that nothing is rounded.
const STEPS: [f64; 24] = [
    0.125, 0.375, 0.5, 0.625, 1.0, 1.5, 2.0, 4.0, 8.0, 16.0, 29.5, 30.0, 32.0, 60.0, 541.0, 600.0, 640.0, 3_600.0,
    86_400.0, 1e6, -0.5, -1.0, -1.125, -4_000.0,
];

struct Scene {
    set: RemoteKeySet,
    model: Model,
    discovers: bool,
    has_store: bool,
    now: Moment,
    published: u8,
    /// Those who wait: their key, whether it would fit, and their arrival.
    waiting: Vec<(u8, bool, u32)>,
    /// The flight whose entry is to be written, and the entries that were.
    to_write: Option<u32>,
    written: Vec<Held>,
}

fuzz_target!(|data: &[u8]| {
    let Some((&settings, steps)) = data.split_first() else { return };
    let mut scene = Scene::new(settings);
    for octets in steps.chunks_exact(3) {
        scene.step(&Step::read([octets[0], octets[1], octets[2]]));
        scene.check();
    }
});

impl Step {
    fn read([kind, one, two]: [u8; 3]) -> Self {
        match kind % 16 {
            0..4 => Self::Time(kind / 16, one),
            4..7 => Self::Token { kid: one, fits: kind & 128 == 0, patience: two },
            7 => Self::Again { asker: one, late: two & 1 != 0 },
            8..13 => Self::Act { earlier: kind, how: one, seconds: two },
            13 => Self::Beat { earlier: kind },
            14 => Self::Publish(one),
            _ => Self::Restore { how: one, seconds: two },
        }
    }
}

fn text_of(keys: u8) -> String {
    let key = |bit: u8| {
        format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","kid":"k{bit}"}}"#)
    };
    let keys: Vec<String> = (0..3).filter(|bit| keys & 1 << bit != 0).map(key).collect();
    format!(r#"{{"keys":[{}]}}"#, keys.join(","))
}

fn entry_of(held: &Held) -> String {
    let text = held.text.replace('"', "\\\"");
    format!(r#"{{"text":"{text}","at":{},"age":{}}}"#, held.fetched.policy, held.age)
}

impl Scene {
    fn new(settings: u8) -> Self {
        let (discovers, has_store) = (settings & 1 != 0, settings & 2 != 0);
        let mut durations = Durations::default();
        let spans = [
            (Span::MaxStale, [86_400.0, 0.0, 10.0, 604_800.0]),
            (Span::Cooldown, [30.0, 1.0, 100.0, 3_600.0]),
            (Span::Absence, [30.0, 0.0, 10.0, 3_600.0]),
            (Span::MaxBackoff, [30.0, 1.0, 5.0, 3_600.0]),
        ];
        for (at, (span, values)) in spans.into_iter().enumerate() {
            assert!(durations.set(span, values[usize::from(settings >> (2 + at)) % 4]));
        }
        let source = KeySource {
            issuer: Some(ISSUER.into()),
            jwks_uri: (!discovers).then(|| PLACES[0].into()),
            allow_http: false,
        };
        Self {
            set: RemoteKeySet::new(source, durations.clone(), has_store),
            model: Model::new(durations),
            discovers,
            has_store,
            now: Moment { policy: 1_700_000_000.0, machine: 1_700_000_001.0 },
            published: 1,
            waiting: Vec::new(),
            to_write: None,
            written: Vec::new(),
        }
    }

    /// The keys that serve are those that may; nobody else is under way.
    fn check(&mut self) {
        let bit = |kid: Option<&str>| kid.and_then(|kid| kid.strip_prefix('k')?.parse::<u8>().ok()).unwrap();
        let keys = self.set.usable(self.now).map(|set| set.keys().iter().fold(0, |all, key| all | 1 << bit(key.kid())));
        assert_eq!(keys, self.model.usable(self.now), "{:?}", self.model);
        let status = self.set.status(self.now);
        assert_eq!(status.keys.is_some(), keys.is_some());
        assert_eq!(status.next_attempt.is_none(), self.model.flight.is_some());
        assert!(status.next_attempt.is_none_or(|seconds| seconds >= 0.0) && status.age.is_none_or(|age| age >= 0.0));
        assert!(!self.set.is_settled(self.now) || keys.is_some());
        assert!(self.set.take_reports().len() <= 16);
    }

    fn step(&mut self, step: &Step) {
        match *step {
            Step::Time(clocks, far) => {
                let seconds = STEPS[usize::from(far) % STEPS.len()];
                self.now.policy += if clocks % 8 == 1 { 0.0 } else { seconds };
                self.now.machine += if clocks % 8 == 2 { 0.0 } else { seconds };
            }
            Step::Token { kid, fits, patience } => {
                let patience = [Patience::Waits, Patience::AtOnce, Patience::WaitedLong][usize::from(patience % 3)];
                self.ask(kid % 5, fits, Asker { patience, arrival: None });
            }
            Step::Again { asker, late } if !self.waiting.is_empty() => {
                let (kid, fits, arrival) = self.waiting.swap_remove(usize::from(asker) % self.waiting.len());
                let patience = if late { Patience::WaitedLong } else { Patience::Waits };
                self.ask(kid, fits, Asker { patience, arrival: Some(arrival) });
            }
            Step::Again { .. } => {}
            Step::Act { earlier, how, seconds } => self.act(self.flight(earlier), how, seconds),
            Step::Beat { earlier } => {
                self.model.beat(self.flight(earlier), self.now);
                self.set.beat(self.flight(earlier), self.now);
            }
            Step::Publish(keys) => self.published = keys % 8,
            Step::Restore { how, seconds } => {
                let (text, entry) = self.entry(how, seconds);
                let taken = entry.is_some_and(|entry| self.model.entry(entry, self.now));
                assert_eq!(self.set.restore(&text.unwrap_or_default(), self.now), taken);
            }
        }
    }

    /// Mostly the last flight.
    fn flight(&self, earlier: u8) -> u32 {
        self.model.flights.saturating_sub(u32::from(earlier.saturating_sub(200) / 16))
    }

    /// A token of the key `kid`; 3: of one that is never published; 4: of none.
    fn ask(&mut self, kid: u8, fits: bool, asker: Asker) {
        let lack = match self.set.usable(self.now).is_some().then(|| self.model.usable(self.now).unwrap()) {
            None => Some(Lack::Keys),
            Some(keys) if kid < 3 && keys & 1 << kid != 0 => (!fits).then_some(Lack::OtherKey),
            Some(_) => Some(Lack::Key((kid < 4).then(|| format!("k{kid}")))),
        };
        let judged = lack.as_ref().map_or(Judged::Passed, Judged::Lacking);
        self.model.observe(self.now);
        let demand = self.set.demand(judged, asker, self.now);
        self.model.demanded(judged, asker.arrival, &demand, self.now);
        assert!(demand.wait.is_none() || asker.patience == Patience::Waits);
        if demand.wait.is_some() && self.waiting.len() < 8 {
            self.waiting.push((kid, fits, demand.arrival));
        }
        let current = self.model.flight.as_ref().map(|flight| flight.id);
        assert!(current.is_none_or(|current| self.set.is_under_way(current, self.now)));
    }

    /// What a store may say: nothing, garbage, what was written once, or what another process wrote.
    fn entry(&self, how: u8, seconds: u8) -> (Option<String>, Option<Held>) {
        let own = usize::from(how / 8).checked_rem(self.written.len()).map(|at| self.written[at].clone());
        match how % 8 {
            0 => (None, None),
            1 => (Some("{".into()), None),
            2 | 3 => (own.as_ref().map(entry_of), own),
            _ => {
                let age = if how & 64 == 0 { 600.0 } else { 1e12 };
                let mut fetched = self.now;
                fetched.policy = (fetched.policy - STEPS[usize::from(seconds) % STEPS.len()]).floor();
                let keys = how / 8 % 8;
                let held = Held { keys, text: text_of(keys), fetched, age };
                (Some(entry_of(&held)), Some(held))
            }
        }
    }

    fn act(&mut self, id: u32, how: u8, seconds: u8) {
        let is_current = self.model.flight.as_ref().is_some_and(|flight| flight.id == id);
        let action = self.set.next_action(id, self.now);
        if is_current && !self.has_store && !self.model.flight.as_ref().unwrap().asks {
            self.model.asks(self.now);
        }
        match action {
            None => assert!(!is_current && self.to_write != Some(id), "{:?}", self.model),
            Some(Action::WriteStore { entry, ttl, .. }) => {
                assert_eq!(self.to_write.take(), Some(id));
                let held = self.written.last().unwrap();
                assert_eq!(entry, entry_of(held));
                assert_eq!(ttl, held.age + self.model.durations.get(Span::MaxStale));
            }
            Some(Action::ReadStore { .. }) => {
                assert!(is_current && self.has_store && !self.model.flight.as_ref().unwrap().asks);
                let (text, entry) = self.entry(how, seconds);
                let taken = entry.is_some_and(|entry| self.model.entry(entry, self.now));
                if taken {
                    self.model.land();
                } else {
                    self.model.asks(self.now);
                }
                assert_eq!(self.set.store_answered(id, text.as_deref(), self.now), taken);
            }
            Some(Action::Fetch { url, .. }) => {
                assert!(is_current && self.model.flight.as_ref().unwrap().asks);
                self.model.exchanges();
                if PLACES.contains(&url.as_str()) {
                    self.key_set(id, how, seconds)
                } else {
                    self.metadata(id, &url, how)
                }
            }
        }
        let current = self.model.flight.as_ref().map(|flight| flight.id);
        // Dead or not is noticed by whoever asks.
        self.model.observe(self.now);
        assert_eq!(self.set.is_under_way(id, self.now), current == Some(id) && self.model.flight.is_some());
    }

    fn metadata(&mut self, id: u32, url: &str, how: u8) {
        assert!(self.discovers && url.starts_with(ISSUER));
        let document =
            |issuer: &str| format!(r#"{{"issuer":"{issuer}","jwks_uri":"{}"}}"#, PLACES[usize::from(how / 8 % 2)]);
        let (status, text) = match how % 8 {
            0..5 => (200, document(ISSUER)),
            5 => (200, document("https://evil.example.com")),
            6 => (404, String::new()),
            _ => (0, String::new()),
        };
        self.model.flight.as_mut().unwrap().looked_up = true;
        if how % 8 >= 5 {
            self.model.request_failed();
        }
        match status {
            0 => self.set.failed(id, "cut off", self.now),
            status => {
                self.set.answered(id, KeySetAnswer { status, cache_control: None, age: None, text: &text }, self.now)
            }
        }
        // Whether that was the last place to look at, the key set alone knows.
        if self.set.status(self.now).next_attempt.is_some() {
            assert!(how % 8 >= 5, "an answer ended a flight");
            self.model.fail(self.now);
        }
    }

    fn key_set(&mut self, id: u32, how: u8, seconds: u8) {
        let text = text_of(self.published);
        let (status, text) = match how % 8 {
            0..4 => (200, text.as_str()),
            4 => (200, r#"{"keys":{}}"#),
            5 => (if how & 8 == 0 { 404 } else { 410 }, text.as_str()),
            6 => (503, text.as_str()),
            _ => (0, ""),
        };
        let (cache_control, age) =
            [(None, 600.0), (Some("max-age=120"), 120.0), (Some("no-store"), 60.0)][usize::from(seconds % 3)];
        let answer = KeySetAnswer { status, cache_control, age: None, text };
        let looked_up = !self.discovers || self.model.flight.as_ref().unwrap().looked_up;
        match (status, how % 8) {
            (200, 0..4) => {
                self.model.answer(self.published, answer, age, self.now);
                let fetched = Moment { policy: self.now.policy.floor(), ..self.now };
                self.written.push(Held { fetched, ..self.model.held.clone().unwrap() });
                self.to_write = Some(id);
            }
            (404 | 410, _) if looked_up => self.model.withdraw(self.now),
            (404 | 410, _) => self.model.asks(self.now),
            (status, _) => {
                if status == 0 {
                    self.model.request_failed();
                }
                self.model.fail(self.now);
            }
        }
        match status {
            0 => self.set.failed(id, "cut off", self.now),
            _ => self.set.answered(id, answer, self.now),
        }
    }
}
