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
    failed_requests: u32,
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
    failures: u32,
    /// The last flight that failed, and when.
    failed: Option<(u32, Moment)>,
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
            // Of two deaths in a row each is a failure.
            if self.deaths > 1 {
                self.failures = self.failures.max(1);
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

    /// A request of the flight under way has failed, and the flight goes on or fails for it.
    pub fn request_failed(&mut self) {
        self.flight.as_mut().unwrap().failed_requests += 1;
    }

    /// The first flight that fails with two failed requests counts as two, every other one as one.
    pub fn fail(&mut self, now: Moment) {
        let requests = self.flight.take().map_or(0, |flight| flight.failed_requests);
        self.news = false;
        self.failures += if self.failures == 0 && requests >= 2 { 2 } else { 1 };
        self.failed = Some((self.flights, now));
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

    /// Other keys come: those that were there and are no longer are absent from then on.
    fn hold(&mut self, held: Held) {
        let dropped = self.held.as_ref().map_or(0, |before| before.keys & !held.keys);
        let kids = (0..8).filter(|bit| dropped & 1 << bit != 0).map(|bit| format!("k{bit}"));
        self.absent = kids.map(|kid| (Some(kid), held.fetched)).collect();
        self.held = Some(held);
    }

    /// The flight under way has brought keys.
    pub fn land(&mut self) {
        self.flight = None;
        (self.failures, self.deaths, self.failed) = (0, 0, None);
    }

    /// Seconds until the issuer may be asked again after failures.
    fn rest(&self, now: Moment) -> f64 {
        let backoff = match self.failures {
            0 | 1 => 0.0,
            failures => 2_f64.powi(failures as i32 - 2).min(self.durations.get(Span::MaxBackoff)),
        };
        self.failed.map_or(0.0, |(_, failed)| backoff - since(now, failed))
    }

    /// Whether an asker that came earlier shares the failure of a flight, and has to begin no other.
    fn shares_failure(&self, arrival: Option<u32>) -> bool {
        arrival.zip(self.failed).is_some_and(|(arrival, (flight, _))| arrival <= flight)
    }

    /// Whether an asker may begin a flight, as far as failures go.
    fn may_begin(&self, arrival: Option<u32>, now: Moment) -> bool {
        self.flight.is_none() && self.rest(now) <= 0.0 && !self.shares_failure(arrival)
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
            let nothing_failed = usable.is_none() && self.failures == 0;
            assert_eq!(code, if nothing_failed { "keys_not_loaded" } else { "keys_unavailable" }, "{error:?}");
            assert!(error.retry_after_seconds().is_some_and(|seconds| (1..=3_600).contains(&seconds)), "{error:?}");
            assert!(usable.is_none() || matches!(judged, Judged::Lacking(Lack::Key(_))), "{demand:?}");
        }
        if let (Judged::Lacking(Lack::Key(kid)), Some(_)) = (judged, usable) {
            self.lacking(kid.as_deref(), arrival, demand, now);
        }
        if usable.is_none() {
            assert_eq!(begin.is_some(), self.may_begin(arrival, now), "{demand:?}");
        }
        if let Some(id) = begin {
            assert!(self.flight.is_none(), "two flights at once: {id}, {:?}", self.flight);
            assert_eq!(*id, self.flights + 1);
            assert!(self.rest(now) <= 0.0, "no rest after a failure");
            assert!(!self.shares_failure(arrival), "a flight of somebody who waited for one that failed");
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
                failed_requests: 0,
                exchanges: 0,
            });
        }
        assert!(wait.is_none() || *wait == self.flight.as_ref().map(|flight| flight.id), "{demand:?}");
    }

    /// A refusal for want of a key is final only where an answer that was begun later lacked it, too.
    fn lacking(&mut self, kid: Option<&str>, arrival: Option<u32>, demand: &Demand, now: Moment) {
        let told = self.answered > demand.arrival;
        let absence = self.durations.get(Span::Absence);
        let is_absent = self.absent.iter().any(|(known, at)| known.as_deref() == kid && since(now, *at) < absence);
        let stands = demand.begin.is_none() && demand.wait.is_none() && demand.refuse.is_none();
        assert_eq!(stands, told || is_absent, "{demand:?}");
        let may_begin = self.may_begin(arrival, now) && self.window(now) <= 0.0;
        assert_eq!(demand.begin.is_some(), may_begin && !stands, "{demand:?}");
        if told {
            self.absent.retain(|(known, _)| known.as_deref() != kid);
            self.absent.push((kid.map(str::to_owned), now));
        }
        assert!(demand.wait.is_none_or(|flight| flight - demand.arrival <= MOST_FLIGHTS), "{demand:?}");
    }
}
