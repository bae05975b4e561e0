//! The option `issuer`: which issuers there are, and where the options of each are read.

use std::{format, string::String, vec, vec::Vec};

use js_sys::Array;

use super::options::{Options, Read, elements, object, string, wrong};
use crate::claims::policy::Accepted;
use crate::jose::issuer_template::IssuerTemplate;

/// The options of one entry in a list of issuers, or of an answer about one.
pub(super) const ISSUER_NAMES: [&str; 24] = [
    "issuer",
    "audience",
    "trustedAudiences",
    "authorizedParty",
    "keys",
    "jwksUri",
    "metadataIssuer",
    "anyTenant",
    "algorithms",
    "profile",
    "typ",
    "subject",
    "clockTolerance",
    "maxTokenAge",
    "requiredClaims",
    "crit",
    "maxAge",
    "acr",
    "scope",
    "anyScope",
    "claims",
    "provider",
    "allowHttp",
    "keySets",
];

/// What says where an issuer's keys are: all of it is read in one place.
pub(super) const KEY_NAMES: [&str; 4] = ["keys", "jwksUri", "metadataIssuer", "allowHttp"];

/// What one entry of `issuer` says: all of it, several names that share everything, options of its own, or that a
/// function is asked.
pub(super) enum IssuerEntry {
    Shared(Accepted),
    Own(Options, Accepted),
    Asked,
}

/// Where the options of one issuer are read: what a route puts in their place, what the entry has, what all share.
#[derive(Clone, Copy)]
pub(super) struct Layers<'o> {
    pub(super) route: Option<&'o Options>,
    pub(super) own: Option<&'o Options>,
    pub(super) shared: &'o Options,
}

impl<'o> Layers<'o> {
    /// Where some options that belong together are read.
    pub(super) fn of(&self, names: &[&str]) -> Read<&'o Options> {
        for layer in [self.route, self.own].into_iter().flatten() {
            if has_any(layer, names)? {
                return Ok(layer);
            }
        }
        Ok(self.shared)
    }
}

fn has_any(options: &Options, names: &[&str]) -> Read<bool> {
    for name in names {
        if options.get(name)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The entries of the option.
pub(super) fn issuer_entries(options: &Options) -> Read<Vec<IssuerEntry>> {
    let path = options.path("issuer");
    let Some(value) = options.get("issuer")? else {
        return Err(wrong(&path, "required; pass null to say that it is not checked"));
    };
    if value.is_null() {
        return Ok(vec![IssuerEntry::Shared(Accepted::Any)]);
    }
    if value.is_function() {
        return Ok(vec![IssuerEntry::Asked]);
    }
    if !Array::is_array(&value) {
        return Ok(vec![issuer_entry(&value, &path)?]);
    }
    let elements = elements(&value, &path)?;
    if elements.is_empty() {
        return Err(wrong(&path, "expected at least one value"));
    }
    let entries: Vec<IssuerEntry> =
        elements.iter().map(|(element, path)| issuer_entry(element, path)).collect::<Read<_>>()?;
    for (index, entry) in entries.iter().enumerate() {
        if entries.iter().take(index).any(|earlier| earlier.issuer() == entry.issuer()) {
            return Err(wrong(&format!("{path}[{index}]"), "a second entry for the same issuer is never reached"));
        }
    }
    // Names that share static keys are judged by one policy.
    let names: Option<Vec<String>> = entries.iter().map(IssuerEntry::shared_name).collect();
    match names {
        Some(names) if options.get("keys")?.is_some() => Ok(vec![IssuerEntry::Shared(Accepted::OneOf(names))]),
        _ => Ok(entries),
    }
}

fn issuer_entry(value: &wasm_bindgen::JsValue, path: &str) -> Read<IssuerEntry> {
    if object(value).is_none() {
        let expected = "expected a string, an object with issuer, a function alone, or null";
        if !value.is_string() {
            return Err(wrong(path, expected));
        }
        return Ok(IssuerEntry::Shared(accepted(string(value, path)?, path)?));
    }
    let own = Options::read(value, path, &ISSUER_NAMES)?;
    let path = own.path("issuer");
    let issuer = accepted(string(&own.required("issuer")?, &path)?, &path)?;
    Ok(IssuerEntry::Own(own, issuer))
}

/// A name, or a template where it has a brace: no URL has one (RFC 3986 §2).
fn accepted(issuer: String, path: &str) -> Read<Accepted> {
    if !IssuerTemplate::is_template(&issuer) {
        return Ok(Accepted::OneOf(vec![issuer]));
    }
    IssuerTemplate::parse(&issuer).map(Accepted::Template).map_err(|error| wrong(path, error.expected))
}

impl IssuerEntry {
    /// The issuer's name, or its template.
    pub(super) fn issuer(&self) -> Option<&str> {
        match self {
            Self::Shared(accepted) | Self::Own(_, accepted) => match accepted {
                Accepted::OneOf(names) => names.first().map(String::as_str),
                Accepted::Template(template) => Some(template.as_str()),
                Accepted::Any => None,
            },
            Self::Asked => None,
        }
    }

    fn shared_name(&self) -> Option<String> {
        match self {
            Self::Shared(Accepted::OneOf(_)) => self.issuer().map(String::from),
            _ => None,
        }
    }

    pub(super) const fn own(&self) -> Option<&Options> {
        match self {
            Self::Own(own, _) => Some(own),
            Self::Shared(_) | Self::Asked => None,
        }
    }

    /// What `iss` has to be; nothing is, where a function is asked.
    pub(super) fn accepted(&self) -> Accepted {
        match self {
            Self::Shared(accepted) | Self::Own(_, accepted) => accepted.clone(),
            Self::Asked => Accepted::OneOf(Vec::new()),
        }
    }

    pub(super) fn has_any(&self, names: &[&str]) -> Read<bool> {
        self.own().map_or(Ok(false), |own| has_any(own, names))
    }
}

/// What every entry has of its own is read from no shared option.
pub(super) fn refuse_overridden(options: &Options, entries: &[IssuerEntry]) -> Read<()> {
    let single = ISSUER_NAMES.iter().skip(1).filter(|name| !KEY_NAMES.contains(name)).map(core::slice::from_ref);
    for names in single.chain([&KEY_NAMES[..]]) {
        let mut overridden = true;
        for entry in entries {
            overridden &= entry.has_any(names)?;
        }
        for name in names {
            if overridden && options.get(name)?.is_some() {
                return Err(wrong(&options.path(name), "has no effect: every entry of issuer has its own"));
            }
        }
    }
    Ok(())
}
