//! What a verdict asks of its key set, and the key sets of one verifier or guard.

use std::boxed::Box;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::vec::Vec;

use serde::Serialize;
use wasm_bindgen::JsValue;

use super::answers::answer;
use super::key_options::KeySource;
use super::outcome::{Outcome, Patience};
use crate::Verifier;
use crate::jose::key_set::KeySet;
use crate::jwks::{self, Asker, IssuerDemand, Judged, Moment, RemoteKeySet};

/// What is demanded, and the outcome of the verdict if it stands.
pub(super) struct Demand {
    pub(super) what: Demanded,
    pub(super) outcome: Outcome,
}

/// What a verdict needs before it stands, or beside it.
pub(super) enum Demanded {
    /// Something of the key set of the issuer of an index.
    Keys(usize, jwks::Demand),
    /// A question about an issuer; the arrival of the asker goes on.
    Question(IssuerDemand, Option<u32>),
    /// A question about an opaque token; the arrival of the asker goes on.
    Introspection { begin: Option<u32>, wait: u32, arrival: Option<u32> },
    /// The key set of an issuer that has been admitted with this index: the token is to be judged again.
    Admitted(usize, Box<KeySource>, Option<u32>),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DemandObject<'d> {
    about: &'static str,
    issuer: usize,
    begin: Option<u32>,
    wait: Option<u32>,
    at_most: Option<f64>,
    arrival: Option<u32>,
    outcome: u32,
    source: Option<&'d KeySource>,
}

impl Demand {
    pub(super) fn to_object(&self) -> JsValue {
        let outcome = self.outcome as u32;
        let none = (None, None, None);
        let (about, issuer, (begin, wait, at_most), arrival, source) = match &self.what {
            Demanded::Keys(issuer, demand) => {
                ("keys", *issuer, (demand.begin, demand.wait, demand.at_most), Some(demand.arrival), None)
            }
            Demanded::Question(demand, arrival) => {
                ("issuer", 0, (demand.begin, demand.wait, demand.at_most), *arrival, None)
            }
            Demanded::Introspection { begin, wait, arrival } => {
                ("introspection", 0, (*begin, Some(*wait), None), *arrival, None)
            }
            Demanded::Admitted(index, source, arrival) => ("admitted", *index, none, *arrival, Some(&**source)),
        };
        answer(&DemandObject { about, issuer, begin, wait, at_most, arrival, outcome, source })
    }
}

pub(super) fn asker_of(patience: Patience, arrival: Option<u32>) -> Asker {
    let patience = match patience {
        Patience::AtOnce => jwks::Patience::AtOnce,
        Patience::Waits => jwks::Patience::Waits,
        Patience::WaitedLong => jwks::Patience::WaitedLong,
    };
    Asker { patience, arrival }
}

/// Which issuers' keys a verdict may need.
#[derive(Clone, Copy)]
pub(super) enum Whose {
    All,
    One(usize),
    None,
}

impl Whose {
    /// Those of a token.
    pub(super) fn of(verifier: &Verifier, token: &[u8]) -> Self {
        if verifier.is_open() { verifier.issuer_index(token).map_or(Self::None, Self::One) } else { Self::All }
    }
}

/// The key sets that are fetched, by the index of their issuer.
#[derive(Default)]
pub(super) struct KeySets(RefCell<Vec<Option<Shared>>>);

struct Shared {
    set: Rc<RefCell<RemoteKeySet>>,
    /// Which keys the verifier has been given; none: it has none.
    given: Cell<Option<u32>>,
}

impl KeySets {
    pub(super) fn attach(&self, issuer: usize, set: Rc<RefCell<RemoteKeySet>>) {
        let mut sets = self.0.borrow_mut();
        if sets.len() <= issuer {
            sets.resize_with(issuer + 1, || None);
        }
        sets[issuer] = Some(Shared { set, given: Cell::new(None) });
    }

    /// The issuer of an index is trusted no longer.
    pub(super) fn detach(&self, issuer: usize) {
        if let Some(shared) = self.0.borrow_mut().get_mut(issuer) {
            *shared = None;
        }
    }

    /// Gives the verifier the keys that changed, and takes those from it that may serve no longer.
    /// `whose`: those of the one issuer that judges, where there may be hundreds; else all.
    pub(super) fn hand_over(&self, whose: Whose, now: Moment, mut give: impl FnMut(usize, Option<KeySet>)) {
        let sets = self.0.borrow();
        let (first, count) = match whose {
            Whose::All => (0, sets.len()),
            Whose::One(issuer) => (issuer, 1),
            Whose::None => return,
        };
        for (issuer, shared) in sets.iter().enumerate().skip(first).take(count) {
            let Some(Shared { set, given }) = shared else { continue };
            let set = set.borrow();
            let usable = set.usable(now);
            let generation = usable.map(|_| set.generation());
            if generation != given.replace(generation) {
                give(issuer, usable.cloned());
            }
        }
    }

    /// What the key set of an issuer asks for after a verdict; none where the keys were given by the caller.
    pub(super) fn demand(&self, issuer: usize, judged: Judged<'_>, asker: Asker, now: Moment) -> Option<jwks::Demand> {
        let sets = self.0.borrow();
        let shared = sets.get(issuer)?.as_ref()?;
        Some(shared.set.borrow_mut().demand(judged, asker, now))
    }

    /// Which keys of an issuer serve; none where they were given by the caller.
    pub(super) fn generation(&self, issuer: usize) -> Option<u32> {
        self.0.borrow().get(issuer)?.as_ref()?.given.get()
    }

    /// Whether a verdict by keys of an issuer may be given again without a word to its key set.
    pub(super) fn stands(&self, issuer: usize, generation: Option<u32>, now: Moment) -> bool {
        let sets = self.0.borrow();
        let Some(Shared { set, .. }) = sets.get(issuer).and_then(Option::as_ref) else { return true };
        let set = set.borrow();
        generation == Some(set.generation()) && set.is_settled(now)
    }
}
