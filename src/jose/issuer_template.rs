//! Issuers of many tenants: an identifier with the names of claims in it, as in `https://login.example/{tid}/v2.0`.

use alloc::{borrow::Cow, format, string::String, vec::Vec};

use crate::error::bounded;
use crate::invalid_option::InvalidOption;

/// The most claims in one template: a cloud, a tenant and a policy are three.
const MAX_CLAIMS: usize = 4;

/// The most characters of a claim's value: a GUID has 36, a label of a host name 63 (RFC 1035 §2.3.4).
const MAX_VALUE: usize = 128;

/// Names that metadata and keys have for claims with another name: Microsoft's page on claims validation replaces
/// `{tenantid}` by the claim `tid`.
const ALIASES: [(&str, &str); 1] = [("tenantid", "tid")];

/// An issuer identifier with the names of claims in braces. A text without braces stands for itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuerTemplate {
    text: String,
    /// A text, then the claim behind it; the text after the last claim is `end`.
    parts: Vec<(String, Blank)>,
    end: String,
}

/// A place for the value of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Blank {
    claim: String,
    /// Whether it is a label of the host name.
    in_host: bool,
}

/// A claim that cannot stand in a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unfit<'t> {
    pub(crate) claim: &'t str,
}

impl IssuerTemplate {
    /// Whether a text has a claim's name in it, or tries to.
    pub(crate) fn is_template(text: &str) -> bool {
        text.contains(['{', '}'])
    }

    /// The template of a URL without query and fragment (RFC 8414 §2), in which `{name}` stands for the token's top-level
    /// claim of that name.
    ///
    /// # Errors
    /// A brace without the other, a name that is empty; more than four claims; two claims without a slash between them; a
    /// claim in the host that is no label before a domain: it would let tokens choose the host.
    pub fn parse(text: &str) -> Result<Self, InvalidOption> {
        let template = Self::read(text).ok_or_else(|| wrong("expected names of claims in braces, as in {tid}"))?;
        let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic() && !b"?#@\\".contains(&byte));
        let start = template.parts.first().map_or(text, |(text, _)| text);
        if !is_plain || !(start.starts_with("https://") || start.starts_with("http://")) {
            return Err(wrong("expected an https URL without query and fragment"));
        }
        if template.parts.len() > MAX_CLAIMS {
            return Err(wrong("expected at most four claims"));
        }
        template.check_places()?;
        Ok(template)
    }

    /// Where each claim's value begins and ends can be told, and none of them reaches beyond its place.
    fn check_places(&self) -> Result<(), InvalidOption> {
        for (at, (before, blank)) in self.parts.iter().enumerate() {
            let behind = self.parts.get(at + 1).map_or(&self.end, |(text, _)| text);
            let is_last = at + 1 == self.parts.len();
            let host = behind.split('/').next().unwrap_or_default();
            let is_label = (before.ends_with('.') || before.ends_with("://")) && host.starts_with('.');
            let has_domain = host.get(1..).is_some_and(|domain| domain.contains('.'));
            if blank.in_host
                && !(is_label && (has_domain || self.parts.get(at + 1).is_some_and(|(_, next)| next.in_host)))
            {
                return Err(wrong(
                    "expected a claim in the host to be a label before a domain, as in {org}.login.example",
                ));
            }
            if !is_last && !blank.in_host && !behind.contains('/') {
                return Err(wrong("expected a slash between two claims"));
            }
        }
        Ok(())
    }

    /// The same for the issuer that a key names: any text stands for itself where it is no template.
    pub(crate) fn of_key(text: &str) -> Self {
        Self::read(text).unwrap_or_else(|| Self::fixed(text))
    }

    fn fixed(text: &str) -> Self {
        Self { text: String::from(text), parts: Vec::new(), end: String::from(text) }
    }

    fn read(text: &str) -> Option<Self> {
        let mut template = Self::fixed(text);
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once('{') {
            let (name, behind) = behind.split_once('}')?;
            let is_name = !name.is_empty() && !name.contains('{') && !before.contains('}');
            let claim = ALIASES.iter().find(|(alias, _)| *alias == name).map_or(name, |(_, claim)| claim);
            let start = text.get(..text.len() - rest.len() + before.len())?;
            // Only the two slashes before the host precede it.
            let in_host = start.bytes().filter(|byte| *byte == b'/').count() <= 2;
            is_name
                .then(|| template.parts.push((String::from(before), Blank { claim: String::from(claim), in_host })))?;
            rest = behind;
        }
        template.end = String::from(rest);
        (!rest.contains('}')).then_some(template)
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The claims whose values it needs, in the order of their places.
    pub fn claims(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().map(|(_, blank)| blank.claim.as_str())
    }

    /// Whether both stand for the same issuers, whatever the names of their claims are.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        let texts = |template: &Self| -> Vec<String> {
            template.parts.iter().map(|(text, _)| text).chain([&template.end]).cloned().collect()
        };
        texts(self) == texts(other)
    }

    /// Whether an issuer begins and ends as this template does, so that it may be meant.
    pub(crate) fn resembles(&self, issuer: &str) -> bool {
        let start = self.parts.first().map_or(self.end.as_str(), |(text, _)| text);
        issuer
            .strip_prefix(start)
            .is_some_and(|rest| self.parts.is_empty() && rest.is_empty() || rest.ends_with(&self.end))
    }

    /// The issuer of a token by its claims: each value is a text of unreserved characters (RFC 3986 §2.3), so that it can
    /// hold no `/`, `?`, `%` or brace; in the host, a label.
    pub(crate) fn fill<'c>(&self, value_of: impl Fn(&str) -> Option<Cow<'c, str>>) -> Result<String, Unfit<'_>> {
        let mut issuer = String::new();
        for (text, Blank { claim, in_host }) in &self.parts {
            let value = value_of(claim).filter(|value| is_fit(value, *in_host)).ok_or(Unfit { claim })?;
            issuer.push_str(text);
            issuer.push_str(&value);
        }
        issuer.push_str(&self.end);
        Ok(issuer)
    }

    /// The values of its claims in an issuer that was made of it.
    pub fn values_in<'i>(&self, issuer: &'i str) -> Option<Vec<(&str, &'i str)>> {
        let mut values = Vec::new();
        let mut rest = issuer;
        for (at, (text, Blank { claim, in_host })) in self.parts.iter().enumerate() {
            rest = rest.strip_prefix(text.as_str())?;
            let behind = self.parts.get(at + 1).map_or(&self.end, |(text, _)| text);
            // No value has the character that ends its place.
            let end = if *in_host { '.' } else { '/' };
            let (place, _) = rest.split_once(end).unwrap_or((rest, ""));
            let (suffix, _) = behind.split_once(end).unwrap_or((behind, ""));
            let value = place.strip_suffix(suffix)?;
            values.push((claim.as_str(), value));
            rest = rest.get(value.len()..)?;
        }
        (rest == self.end).then_some(values)
    }

    /// What a message says is expected of an issuer.
    pub(crate) fn describe(&self) -> String {
        self.describe_by(|_| None::<Cow<'_, str>>)
    }

    /// The same for the claims of one token.
    pub(crate) fn describe_by<'c>(&self, value_of: impl Fn(&str) -> Option<Cow<'c, str>>) -> String {
        let mut text = self.text.clone();
        for (at, claim) in self.claims().enumerate() {
            text.push_str(if at == 0 { " by the claim " } else { " and " });
            text.push_str(claim);
            if let Some(value) = value_of(claim) {
                text.push(' ');
                text.push_str(&value);
            }
        }
        text
    }
}

fn is_fit(value: &str, in_host: bool) -> bool {
    // A segment of dots is a step in the path (RFC 3986 §5.2.4).
    let is_step = value == "." || value == "..";
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || !in_host && b"._~".contains(&byte);
    (1..=MAX_VALUE).contains(&value.len()) && !is_step && value.bytes().all(fits)
}

fn wrong(expected: &'static str) -> InvalidOption {
    InvalidOption::new("issuer", expected)
}

impl Unfit<'_> {
    /// What was found in place of a value, for a message.
    pub(crate) fn found(&self, value: Option<Cow<'_, str>>) -> String {
        match value {
            Some(value) => format!("the claim {} with {}", self.claim, bounded(&value)),
            None => format!("no text in the claim {}", self.claim),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(template: &str, values: &[(&str, &str)]) -> Option<String> {
        let template = IssuerTemplate::parse(template).unwrap();
        let value_of =
            |claim: &str| values.iter().find(|(name, _)| *name == claim).map(|(_, value)| Cow::Borrowed(*value));
        let filled = template.fill(value_of).ok()?;
        let read = template.values_in(&filled).unwrap();
        // What was filled in is what is read out, in its place.
        assert!(read.iter().all(|(claim, value)| value_of(claim).as_deref() == Some(*value)), "{filled}: {read:?}");
        assert!(template.resembles(&filled));
        Some(filled)
    }

    #[test]
    fn values_in_their_places() {
        let entra = "https://login.example/{tid}/v2.0";
        assert_eq!(filled(entra, &[("tid", "a-b_c.d~1")]).as_deref(), Some("https://login.example/a-b_c.d~1/v2.0"));
        assert_eq!(filled("https://a.example/{tenantid}", &[("tid", "x")]).as_deref(), Some("https://a.example/x"));
        let all = "https://{org}.{region}.a.example/x-{t}-x/{p}/";
        let values = [("org", "o-1"), ("region", "eu"), ("t", "-x-x"), ("p", "x-x-x")];
        assert_eq!(filled(all, &values).as_deref(), Some("https://o-1.eu.a.example/x--x-x-x/x-x-x/"));
        for wrong in
            ["", ".", "..", "a/b", "a%2f", "a?", "a#", "{tid}", "a b", "é", "a\\", "a:b", "a@b", &"a".repeat(129)]
        {
            assert_eq!(filled(entra, &[("tid", wrong)]), None, "{wrong}");
        }
        for wrong in ["a.b", "a_b", "a~", "a/b", "a:1", "a@b"] {
            assert_eq!(filled("https://{org}.a.example", &[("org", wrong)]), None, "{wrong}");
        }
        assert_eq!(filled(entra, &[]), None);
        assert!(filled(entra, &[("tid", "...")]).is_some() && filled(entra, &[("tid", &"a".repeat(128))]).is_some());
    }

    #[test]
    fn issuers_that_were_not_made_of_it() {
        let template = IssuerTemplate::parse("https://login.example/t-{tid}/{p}/v2.0").unwrap();
        assert_eq!(template.values_in("https://login.example/t-a/b/v2.0"), Some(alloc::vec![("tid", "a"), ("p", "b")]));
        for other in [
            "",
            "https://login.example",
            "https://login.example/a/b/v2.0",
            "https://login.example/t-a/v2.0",
            "https://login.example/t-a/b/c/v2.0",
            "https://login.example/t-a/b/v2.0/",
            "https://evil.example/t-a/b/v2.0",
        ] {
            assert_eq!(template.values_in(other), None, "{other}");
        }
    }

    #[test]
    fn templates_that_stand_for_the_same_issuers() {
        let of = IssuerTemplate::of_key;
        assert!(of("https://a.example/{tenantid}/").is_like(&of("https://a.example/{tid}/")));
        assert!(of("https://a.example/").is_like(&of("https://a.example/")));
        assert!(!of("https://a.example/{tid}").is_like(&of("https://a.example/{tid}/")));
        assert!(!of("https://a.example/{tid}").is_like(&of("https://a.example/")));
        // What is no template stands for itself.
        for text in ["https://a.example/{tid", "}{", "", "{}"] {
            let fixed = of(text);
            assert_eq!((fixed.as_str(), fixed.claims().count()), (text, 0));
            assert_eq!(fixed.fill(|_| None), Ok(String::from(text)));
        }
    }
}
