//! The issuers that one verifier or guard has admitted, and what it asks of the table that it shares.

use std::boxed::Box;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::string::String;
use std::vec::Vec;

use js_sys::{Error as JsError, JsString};
use wasm_bindgen::{JsCast, JsValue};

use super::admission::Admission;
use super::demand::KeySets;
use super::key_options::KeySource;
use crate::Verifier;
use crate::error::{Error, ErrorCode};
use crate::jwks::{Asker, IssuerDemand, IssuerTable, Moment};
use crate::resource_server::ResourceServer;
use crate::verifier::TrustedIssuer;

/// What has a verifier inside.
pub(super) trait HasVerifier {
    fn verifier(&mut self) -> &mut Verifier;
}

impl HasVerifier for Verifier {
    fn verifier(&mut self) -> &mut Verifier {
        self
    }
}

impl HasVerifier for ResourceServer {
    fn verifier(&mut self) -> &mut Verifier {
        self.verifier_mut()
    }
}

/// The issuers of one verifier or guard that were admitted later.
#[derive(Default)]
pub(super) struct Issuers {
    /// None where all are known from the start.
    admission: Option<Admission>,
    table: RefCell<Option<Rc<RefCell<IssuerTable<JsValue>>>>>,
    admitted: RefCell<Vec<Admitted>>,
    /// The state of the table that these are by.
    changes: Cell<u32>,
}

struct Admitted {
    name: String,
    /// By which answer.
    version: u32,
    index: usize,
}

/// What an issuer demands of a verdict.
pub(super) enum Standing {
    /// Nothing: its key set has the last word.
    Known,
    /// It has been admitted: its tokens are to be judged again.
    Admitted(usize, Box<KeySource>),
    Demand(IssuerDemand),
}

impl Issuers {
    pub(super) fn new(admission: Option<Admission>) -> Self {
        Self { admission, ..Self::default() }
    }

    pub(super) fn attach(&self, table: Rc<RefCell<IssuerTable<JsValue>>>) {
        self.table.replace(Some(table));
    }

    /// Gives up those that the table has given up, or has another answer about.
    pub(super) fn keep_up(&self, verifier: &RefCell<dyn HasVerifier>, sets: &KeySets) {
        let table = self.table.borrow();
        let Some(table) = table.as_ref().map(|table| table.borrow()) else { return };
        if self.changes.replace(table.changes()) == table.changes() {
            return;
        }
        self.admitted.borrow_mut().retain(|admitted| {
            let stays = table.answer(&admitted.name).is_some_and(|(version, _)| version == admitted.version);
            if !stays {
                verifier.borrow_mut().verifier().dismiss(&admitted.name);
                sets.detach(admitted.index);
            }
            stays
        });
    }

    /// What has to be done about the issuer of an index that judged a token.
    pub(super) fn about(&self, index: usize, passed: bool, asker: Asker, now: Moment) -> Standing {
        let admitted = self.admitted.borrow();
        let table = self.table.borrow();
        let (Some(one), Some(table)) = (admitted.iter().find(|one| one.index == index), table.as_ref()) else {
            return Standing::Known;
        };
        let mut table = table.borrow_mut();
        let mut demand = table.demand(&one.name, asker, now);
        if let (Some(id), false) = (demand.begin, self.asks()) {
            table.resolved(id, JsValue::NULL, now);
            demand = IssuerDemand { known: Some(one.version), ..IssuerDemand::default() };
        }
        if passed && demand.known.is_some() {
            table.passed(&one.name, now);
        }
        match demand {
            IssuerDemand { known: Some(_), begin: None, wait: None, .. } => Standing::Known,
            demand => Standing::Demand(demand),
        }
    }

    /// What has to be done about an issuer that the verifier does not know; `index` is that of its template.
    pub(super) fn unknown(
        &self,
        index: usize,
        name: &str,
        verifier: &RefCell<dyn HasVerifier>,
        asker: Asker,
        now: Moment,
    ) -> Standing {
        let table = self.table.borrow();
        let (Some(table), Some(admission)) = (table.as_ref(), &self.admission) else { return Standing::Known };
        let mut table = table.borrow_mut();
        let mut demand = table.demand(name, asker, now);
        if let (Some(id), false) = (demand.begin, self.asks()) {
            table.resolved(id, JsValue::NULL, now);
            demand = table.demand(name, asker, now);
        }
        let Some((version, answer)) = demand.known.and_then(|_| table.answer(name)) else {
            return Standing::Demand(demand);
        };
        let made = match admission.asks() {
            true => admission.answered(name, answer).map_err(|error| text(&error)),
            false => admission.tenant(index, name, verifier.borrow_mut().verifier()).ok_or_else(String::new),
        };
        match made {
            Ok((trusted, source)) => self.admit(name, version, trusted, source, verifier),
            Err(reason) => {
                let error = Error::new(ErrorCode::IssuerUnavailable).claim("iss").found(reason);
                Standing::Demand(IssuerDemand { refuse: Some(error), ..IssuerDemand::default() })
            }
        }
    }

    fn admit(
        &self,
        name: &str,
        version: u32,
        trusted: TrustedIssuer,
        source: KeySource,
        verifier: &RefCell<dyn HasVerifier>,
    ) -> Standing {
        let index = verifier.borrow_mut().verifier().admit(name, trusted);
        self.admitted.borrow_mut().push(Admitted { name: String::from(name), version, index });
        Standing::Admitted(index, Box::new(source))
    }

    /// A question was answered, by whatever the caller's function gave.
    pub(super) fn answered(&self, id: u32, answer: &JsValue, now: Moment) {
        let table = self.table.borrow();
        let (Some(table), Some(admission)) = (table.as_ref(), &self.admission) else { return };
        let mut table = table.borrow_mut();
        let Some(name) = table.question(id).map(String::from) else { return };
        if answer.is_null() || answer.is_undefined() {
            return table.refused(id, now);
        }
        match admission.answered(&name, answer) {
            Ok(_) => table.resolved(id, answer.clone(), now),
            Err(error) => table.failed(id, &text(&error), now),
        }
    }

    /// The answer by which the issuer of an index was admitted.
    pub(super) fn version(&self, index: usize) -> Option<u32> {
        self.admitted.borrow().iter().find(|one| one.index == index).map(|one| one.version)
    }

    /// Whether a verdict by that answer may be given again without a question.
    pub(super) fn stands(&self, index: usize, version: Option<u32>, now: Moment) -> bool {
        let Some(version) = version else { return true };
        let admitted = self.admitted.borrow();
        let table = self.table.borrow();
        let one = admitted.iter().find(|one| one.index == index && one.version == version);
        one.zip(table.as_ref()).is_some_and(|(one, table)| table.borrow().stands(&one.name, version, now))
    }

    /// The indices of those that are admitted now.
    pub(super) fn indices(&self) -> Vec<usize> {
        self.admitted.borrow().iter().map(|one| one.index).collect()
    }

    fn asks(&self) -> bool {
        self.admission.as_ref().is_some_and(Admission::asks)
    }
}

/// Why an answer cannot be used.
fn text(error: &JsValue) -> String {
    let message = error.dyn_ref::<JsError>().map_or_else(JsString::default, JsError::message);
    String::from(message)
}
