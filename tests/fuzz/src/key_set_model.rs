//! What is known of a key set from outside: the answers and entries that it was given, the flights that it began, the
//! clocks. From that follow the keys that may serve, and what it may ask of its issuer.

use countersign::{Demand, Durations, Judged, KeySetAnswer, Lack, Moment, Span};

/// Keys as a set of bits, and the text that they came in.
#[derive(Clone, Debug)]
pub struct Held {
    pub keys: u8,
    pub text: String,
    pub fetched: Moment,
    pub age: f64,
}

#[derive(Clone, Debug)]
pub struct Flight {
    pub id: u32,
    begun: f64,
    beat: Option<f64>,
    asked_before: Option<Moment>,
    /// It asks the issuer, not the store.
    pub asks: bool,
    /// It has looked for the key set's address.
    pub looked_up: bool,
    exchanges: u32,
}

#[derive(Debug)]
pub struct Model {
    pub durations: Durations,
    pub held: Option<Held>,
    withdrawn: Option<Moment>,
    pub flight: Option<Flight>,
    pub flights: u32,
    answered: u32,
    asked: Option<Moment>,
    news: bool,
    failures: i32,
    failed: Option<Moment>,
    deaths: u32,
    absent: Vec<(Option<String>, Moment)>,
    seen: Option<Moment>,
}

/// How many flights of one kind may follow each other for one asker.
const MOST_FLIGHTS: u32 = 4;
const MOST_EXCHANGES: u32 = 6;

fn since(now: Moment, then: Moment) -> f64 {
    [now.policy - then.policy, now.machine - then.machine, 0.0].into_iter().fold(0.0, f64::max)
}

impl Model {
    pub fn new(durations: Durations) -> Self {
        Self {
            durations,
            held: None,
            withdrawn: None,
            flight: None,
            flights: 0,
            answered: 0,
            asked: None,
            news: false,
            failures: 0,
            failed: None,
            deaths: 0,
            absent: Vec::new(),
            seen: None,
        }
    }

    /// The keys that may serve.
    pub fn usable(&self, now: Moment) -> Option<u8> {
        let held = self.held.as_ref()?;
        (since(now, held.fetched) < held.age + self.durations.get(Span::MaxStale)).then_some(held.keys)
    }

    /// The key set was told the time.
    pub fn observe(&mut self, now: Moment) {
        let is_set_back = |seen: Moment| seen.policy - now.policy > 1.0 && seen.machine - now.machine > 1.0;
        if self.seen.is_some_and(is_set_back) {
            if let Some(held) = &mut self.held {
                let Moment { policy, machine } = now;
                held.fetched = Moment { policy: policy - held.age, machine: machine - held.age };
            }
            self.withdrawn = self.withdrawn.map(|_| now);
            (self.asked, self.failed) = (None, None);
            self.absent.clear();
            if let Some(flight) = &mut self.flight {
                (flight.begun, flight.asked_before) = (now.machine, None);
                flight.beat = flight.beat.map(|_| now.machine);
            }
        }
        self.seen = Some(now);
        let longest = 6.0 * self.durations.get(Span::Timeout) + self.durations.get(Span::StoreTimeout);
        let is_dead = |flight: &Flight| {
            flight.beat.is_some_and(|beat| now.machine - beat > 0.5) || now.machine - flight.begun > longest
        };
        if let Some(flight) = self.flight.take_if(|flight| is_dead(flight)) {
            self.asked = flight.asked_before;
            self.deaths += 1;
            if self.deaths > 1 {
                self.fail(now);
            }
        }
    }

    pub fn beat(&mut self, flight: u32, now: Moment) {
        if let Some(flight) = self.flight.as_mut().filter(|current| current.id == flight) {
            flight.beat = Some(now.machine);
        }
    }

    /// The flight under way turns to the issuer.
    pub fn asks(&mut self, now: Moment) {
        self.asked = Some(now);
        self.flight.as_mut().unwrap().asks = true;
    }

    pub fn exchanges(&mut self) {
        let flight = self.flight.as_mut().unwrap();
        flight.exchanges += 1;
        assert!(flight.exchanges <= MOST_EXCHANGES, "a flight without end");
    }

    pub fn fail(&mut self, now: Moment) {
        self.flight = None;
        self.news = false;
        self.failures += 1;
        self.failed = Some(now);
    }

    pub fn withdraw(&mut self, now: Moment) {
        self.held = None;
        self.withdrawn = Some(now);
        self.fail(now);
    }

    /// The issuer answered with these keys. Returns whether they are the same as before.
    pub fn answer(&mut self, keys: u8, answer: KeySetAnswer<'_>, age: f64, now: Moment) {
        let is_news = self.held.as_ref().is_some_and(|held| held.text != answer.text);
        self.answered = self.flight.as_ref().unwrap().id;
        self.news = is_news && !self.news;
        self.hold(Held { keys, text: answer.text.into(), fetched: now, age });
        self.land();
    }

    /// An entry was read that says this. Returns whether its keys are to be taken.
    pub fn entry(&mut self, mut entry: Held, now: Moment) -> bool {
        let ahead = entry.fetched.policy - now.policy;
        let last_word = self.held.as_ref().map(|held| held.fetched).or(self.withdrawn);
        let elapsed = (-ahead).max(0.0);
        entry.fetched = Moment { policy: now.policy - elapsed, machine: now.machine - elapsed };
        entry.age = entry.age.clamp(60.0, 86_400.0);
        let is_newer = last_word.is_none_or(|said| entry.fetched.policy - said.policy >= 1.0);
        let serves = elapsed < entry.age + self.durations.get(Span::MaxStale);
        let taken = ahead <= 30.0 && is_newer && serves;
        if taken {
            self.hold(entry);
        }
        taken
    }

    fn hold(&mut self, held: Held) {
        self.absent.clear();
        self.held = Some(held);
    }

    /// The flight under way has brought keys.
    pub fn land(&mut self) {
        self.flight = None;
        (self.failures, self.deaths, self.failed) = (0, 0, None);
    }

    /// Seconds until the issuer may be asked again after failures.
    fn rest(&self, now: Moment) -> f64 {
        let backoff = 2_f64.powi(self.failures - 1).min(self.durations.get(Span::MaxBackoff));
        self.failed.map_or(0.0, |failed| backoff - since(now, failed))
    }

    /// Seconds until the issuer may be asked for a key that is lacking.
    fn window(&self, now: Moment) -> f64 {
        let span = if self.news { Span::CooldownAfterNews } else { Span::Cooldown };
        self.asked.map_or(0.0, |asked| self.durations.get(span) - since(now, asked))
    }

    /// Checks what was demanded. `arrival`: of an asker that came earlier.
    pub fn demanded(&mut self, judged: Judged<'_>, arrival: Option<u32>, demand: &Demand, now: Moment) {
        let Demand { begin, wait, at_most, refuse, .. } = demand;
        assert!(wait.is_none() || refuse.is_none(), "{demand:?}");
        assert!(at_most.is_none() || wait.is_some(), "{demand:?}");
        assert_eq!(demand.arrival, arrival.unwrap_or(self.flights));
        let usable = self.usable(now);
        assert!(usable.is_some() || wait.is_some() || refuse.is_some(), "a verdict without keys: {demand:?}");
        if let Some(error) = refuse {
            crate::invariants::check_error(error);
            let code = error.code().as_str();
            assert!(code == "keys_unavailable" || code == "keys_not_loaded", "{code}");
            assert!(error.retry_after_seconds().is_none_or(|seconds| (1..=3_600).contains(&seconds)), "{error:?}");
            assert_eq!(error.retry_after_seconds().is_some(), code == "keys_unavailable");
            assert!(usable.is_none() || matches!(judged, Judged::Lacking(Lack::Key(_))), "{demand:?}");
        }
        if let (Judged::Lacking(Lack::Key(kid)), Some(_)) = (judged, usable) {
            self.lacking(kid.as_deref(), demand, now);
        }
        if let Some(id) = begin {
            assert!(self.flight.is_none(), "two flights at once: {id}, {:?}", self.flight);
            assert_eq!(*id, self.flights + 1);
            assert!(self.rest(now) <= 0.0, "no rest after a failure");
            if usable.is_some() && judged != Judged::Passed {
                assert!(self.window(now) <= 0.0, "{} s too early", self.window(now));
            }
            self.flights += 1;
            self.flight = Some(Flight {
                id: *id,
                begun: now.machine,
                beat: None,
                asked_before: self.asked,
                asks: false,
                looked_up: false,
                exchanges: 0,
            });
        }
        assert!(wait.is_none() || *wait == self.flight.as_ref().map(|flight| flight.id), "{demand:?}");
    }

    /// A refusal for want of a key is final only where an answer that was begun later lacked it, too.
    fn lacking(&mut self, kid: Option<&str>, demand: &Demand, now: Moment) {
        let told = self.answered > demand.arrival;
        let absence = self.durations.get(Span::Absence);
        let is_absent = self.absent.iter().any(|(known, at)| known.as_deref() == kid && since(now, *at) < absence);
        let stands = demand.begin.is_none() && demand.wait.is_none() && demand.refuse.is_none();
        assert_eq!(stands, told || is_absent, "{demand:?}");
        let may_begin = self.flight.is_none() && self.rest(now) <= 0.0 && self.window(now) <= 0.0;
        assert_eq!(demand.begin.is_some(), may_begin && !stands, "{demand:?}");
        if told {
            self.absent.retain(|(known, _)| known.as_deref() != kid);
            self.absent.push((kid.map(str::to_owned), now));
        }
        assert!(demand.wait.is_none_or(|flight| flight - demand.arrival <= MOST_FLIGHTS), "{demand:?}");
    }
}
