//! The questions about issuers that are under way, and how many may be asked.

use alloc::{string::String, vec::Vec};

use super::issuer_limits::{BURST, MAX_UNDER_WAY};
use super::moment::Moment;
use super::remote_key_set::LIFE_SIGN;

/// Questions under way, never two about one issuer.
#[derive(Debug)]
pub(super) struct Questions {
    under_way: Vec<Question>,
    /// How many have been asked.
    asked: u32,
    /// Questions a second.
    rate: f64,
    /// How many may be asked at once, and when that was so.
    left: f64,
    filled: Option<Moment>,
}

#[derive(Debug)]
struct Question {
    id: u32,
    name: String,
    begun: Moment,
    /// When whoever asks was last known to be alive, on the machine's clock; none where nobody needs to tell.
    beat: Option<f64>,
}

impl Questions {
    pub(super) fn new(rate: f64) -> Self {
        Self { under_way: Vec::new(), asked: 0, rate, left: burst(rate), filled: None }
    }

    /// The question about an issuer.
    pub(super) fn about(&self, name: &str) -> Option<u32> {
        self.under_way.iter().find(|question| question.name == name).map(|question| question.id)
    }

    pub(super) fn name_of(&self, id: u32) -> Option<&str> {
        self.under_way.iter().find(|question| question.id == id).map(|question| question.name.as_str())
    }

    pub(super) fn begin(&mut self, name: String, now: Moment) -> u32 {
        self.asked += 1;
        self.under_way.push(Question { id: self.asked, name, begun: now, beat: None });
        self.asked
    }

    pub(super) fn beat(&mut self, id: u32, now: Moment) {
        if let Some(question) = self.under_way.iter_mut().find(|question| question.id == id) {
            question.beat = Some(now.machine);
        }
    }

    /// Ends a question. Returns the issuer that it is about.
    pub(super) fn end(&mut self, id: u32) -> Option<String> {
        let at = self.under_way.iter().position(|question| question.id == id)?;
        Some(self.under_way.remove(at).name)
    }

    /// Takes one of the questions about unknown issuers that may be asked now, if there is one.
    pub(super) fn take(&mut self, now: Moment) -> bool {
        let gained = self.filled.map_or(0.0, |filled| now.since(filled) * self.rate);
        self.left = (self.left + gained).min(burst(self.rate));
        self.filled = Some(now);
        let may = self.left >= 1.0 && self.under_way.len() < MAX_UNDER_WAY;
        if may {
            self.left -= 1.0;
        }
        may
    }

    /// Gives up the questions whose askers have gone away, or should be done by far.
    pub(super) fn bury(&mut self, timeout: f64, now: Moment) {
        self.under_way.retain(|question| {
            let is_silent = question.beat.is_some_and(|beat| now.machine - beat > LIFE_SIGN);
            !is_silent && now.machine - question.begun.machine <= timeout + LIFE_SIGN
        });
    }

    pub(super) fn clocks_were_set_back(&mut self, now: Moment) {
        self.filled = Some(now);
        for question in &mut self.under_way {
            question.begun = now;
            question.beat = question.beat.map(|_| now.machine);
        }
    }
}

/// At least one question may be asked at any time when none was for a while.
fn burst(rate: f64) -> f64 {
    (rate * BURST).max(1.0)
}
