//! The type of the token, as its header declares it: `typ` (RFC 8725 §3.11). Algorithm and `crit` are judged in `jose`.

use alloc::{string::String, vec::Vec};

use super::{Policy, is_media_type};
use crate::error::{Error, ErrorCode, joined};
use crate::jose::header::Header;
use crate::rules::{Evidence, Rule, Trace};

impl Policy {
    pub(super) fn check_typ(&self, header: &Header, trace: &mut Trace) -> Result<(), Error> {
        let facts = self.profile.facts();
        let own: Vec<&str>;
        let wanted = match &self.typ {
            Some(types) => {
                own = types.iter().map(String::as_str).collect();
                own.as_slice()
            }
            None => facts.types,
        };
        let required = !wanted.is_empty() && (self.typ.is_some() || facts.type_required);
        let holds = match header.typ() {
            None => !required,
            Some(typ) => wanted.is_empty() || wanted.iter().any(|wanted| is_media_type(typ, wanted)),
        };
        // RFC 9068 §4: an access token without its type is refused.
        let spec = (facts.type_required && self.typ.is_none()).then_some(facts.spec);
        trace.judge_by(Rule::Type, spec, holds, ErrorCode::TypMismatch, || {
            let mut expected = joined(wanted, " or ");
            if !required {
                expected.push_str(if wanted.is_empty() { "any" } else { " or nothing" });
            }
            Evidence::new(header.typ().unwrap_or("nothing"), expected)
        })
    }
}
