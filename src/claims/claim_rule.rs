//! Rules of the caller about single claims: data that a policy holds, and an explanation shows.

use alloc::{borrow::Cow, format, string::String, vec::Vec};

use crate::claims::claim_set::{Claims, display, section};
use crate::error::{Error, ErrorCode, List, bounded};
use crate::invalid_option::InvalidOption;
use crate::jose::json::Value;
use crate::rules::{Evidence, Trace};

/// The most names in a path, and the most characters of a pattern: what a rule costs is linear in the token.
const MAX_SEGMENTS: usize = 16;
const MAX_PATTERN: usize = 512;

/// What one claim has to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimRule {
    /// The path as it was given.
    name: String,
    path: Vec<String>,
    test: ClaimTest,
}

/// A value that a claim is compared with, by its exact JSON type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaimValue {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A string, letter by letter.
    Text(String),
}

/// How a claim is judged. A claim that is absent passes [`ClaimTest::Absent`] alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaimTest {
    /// It is one of these values.
    OneOf(Vec<ClaimValue>),
    /// It is an array that has all of these values.
    All(Vec<ClaimValue>),
    /// It is an array that has one of these values.
    Any(Vec<ClaimValue>),
    /// It is a string like this one, in which each `*` stands for any characters, also none.
    Pattern(String),
    /// It is there, with any value but `null`.
    Present,
    /// It is not there.
    Absent,
}

impl ClaimRule {
    /// A rule about the claim at a path: names of members separated by dots, a dot within a name written `\.`, so that
    /// `realm_access.roles` is the member `roles` of the claim `realm_access`.
    ///
    /// # Errors
    /// A path without names, with an empty one or with too many; a URL whose dots are not escaped; a pattern that is too
    /// long.
    pub fn new(path: &str, test: ClaimTest) -> Result<Self, InvalidOption> {
        let wrong = |expected| InvalidOption { name: format!("claims.{}", bounded(path)), expected };
        let segments = segments(path);
        if segments.iter().any(String::is_empty) || segments.len() > MAX_SEGMENTS {
            return Err(wrong("expected names separated by single dots, at most 16"));
        }
        // A claim that is named by a URL would be looked for where it never is, and so be absent.
        if path.contains("://") && segments.len() > 1 {
            return Err(wrong("expected the dots of a URL escaped, as in https://shop\\.example/roles"));
        }
        if matches!(&test, ClaimTest::Pattern(pattern) if pattern.len() > MAX_PATTERN) {
            return Err(wrong("expected a pattern of at most 512 characters"));
        }
        Ok(Self { name: bounded(path), path: segments, test })
    }

    /// The path as it was given, for explanations.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Where the claim is defined.
    pub(crate) fn spec(&self) -> &'static str {
        self.path.first().map_or("", |name| section(name))
    }

    /// The claim at the root of the path.
    pub fn claim(&self) -> &str {
        self.path.first().map_or("", String::as_str)
    }

    pub(crate) fn check(&self, claims: &Claims<'_>, trace: &mut Trace) -> Result<(), Error> {
        let value = self.find(claims);
        let evidence = || Evidence::new(value.map_or(Cow::Borrowed("nothing"), display), self.describe());
        if self.holds(value) {
            trace.record_claim(&self.name, self.spec(), evidence);
            return Ok(());
        }
        let error = Error::new(ErrorCode::ClaimRefused).cite(self.spec());
        Err(trace.refuse_claim(&self.name, error.claim(&self.name), evidence()))
    }

    fn find<'c, 'a>(&self, claims: &'c Claims<'a>) -> Option<&'c Value<'a>> {
        let (first, rest) = self.path.split_first()?;
        let value = claims.value(first)?;
        rest.iter().try_fold(value, |value, name| value.as_object()?.get(name))
    }

    /// Whether this rule leaves a claim only some of its values.
    pub(crate) fn limits(&self, claim: &str) -> bool {
        let is_limit = matches!(self.test, ClaimTest::OneOf(_) | ClaimTest::Pattern(_));
        is_limit && self.path.len() == 1 && self.claim() == claim
    }

    pub(crate) fn holds(&self, value: Option<&Value<'_>>) -> bool {
        match (&self.test, value) {
            (ClaimTest::Absent, value) => value.is_none(),
            (_, None) => false,
            (ClaimTest::Present, Some(value)) => *value != Value::Null,
            (ClaimTest::OneOf(accepted), Some(value)) => accepted.iter().any(|one| one.is(value)),
            (ClaimTest::All(wanted), Some(value)) => has(value, |has| wanted.iter().all(has)),
            (ClaimTest::Any(wanted), Some(value)) => has(value, |has| wanted.iter().any(has)),
            (ClaimTest::Pattern(pattern), Some(value)) => value.as_str().is_some_and(|text| is_like(text, pattern)),
        }
    }

    pub(crate) fn describe(&self) -> String {
        let list = |values: &[ClaimValue], separator| {
            let mut texts = List::new(separator);
            for value in values {
                texts.add(&value.text());
            }
            texts.finish().unwrap_or_default()
        };
        match &self.test {
            ClaimTest::OneOf(accepted) => list(accepted, " or "),
            ClaimTest::All(wanted) => format!("an array with {}", list(wanted, " and ")),
            ClaimTest::Any(wanted) => format!("an array with {}", list(wanted, " or ")),
            ClaimTest::Pattern(pattern) => format!("text like {pattern}"),
            ClaimTest::Present => String::from("any value"),
            ClaimTest::Absent => String::from("nothing"),
        }
    }
}

impl ClaimValue {
    fn is(&self, value: &Value<'_>) -> bool {
        match (self, value) {
            (Self::Null, Value::Null) => true,
            (Self::Bool(wanted), Value::Bool(found)) => wanted == found,
            (Self::Text(wanted), Value::String(found)) => wanted == found,
            (Self::Integer(wanted), Value::Number(found)) => integer(found) == Some(*wanted),
            _ => false,
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Null => String::from("null"),
            Self::Bool(truth) => format!("{truth}"),
            Self::Integer(number) => format!("{number}"),
            Self::Text(text) => text.clone(),
        }
    }
}

/// The names of a path.
fn segments(path: &str) -> Vec<String> {
    let mut segments = alloc::vec![String::new()];
    let mut letters = path.chars().peekable();
    while let Some(letter) = letters.next() {
        match (letter, letters.peek()) {
            ('\\', Some('.' | '\\')) => segments.last_mut().into_iter().for_each(|last| last.extend(letters.next())),
            ('.', _) => segments.push(String::new()),
            _ => segments.last_mut().into_iter().for_each(|last| last.push(letter)),
        }
    }
    segments
}

/// A whole number that is written without fraction and exponent.
fn integer(number: &str) -> Option<i64> {
    number.parse().ok()
}

/// Asks about the members of a value that is an array.
fn has(value: &Value<'_>, ask: impl FnOnce(&mut dyn FnMut(&ClaimValue) -> bool) -> bool) -> bool {
    value.as_array().is_some_and(|members| ask(&mut |wanted| members.iter().any(|member| wanted.is(member))))
}

/// Whether a text is like a pattern whose `*` stand for any characters. Each part is looked for once, from left to right, by
/// a search of linear time.
fn is_like(text: &str, pattern: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return text == pattern };
    let Some(mut text) = text.strip_prefix(start) else { return false };
    let Some((middle, end)) = rest.rsplit_once('*') else { return text.ends_with(rest) };
    for part in middle.split('*') {
        let Some((_, after)) = text.split_once(part) else { return false };
        text = after;
    }
    text.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(claims: &str, path: &str, test: ClaimTest) -> bool {
        let rule = ClaimRule::new(path, test).unwrap();
        let claims = Claims::parse(claims.as_bytes(), &mut Trace::off()).unwrap();
        rule.check(&claims, &mut Trace::off()).is_ok()
    }

    fn text(text: &str) -> ClaimValue {
        ClaimValue::Text(String::from(text))
    }

    #[test]
    fn values_by_their_exact_type() {
        let one = |value: &str, wanted: ClaimValue| {
            verdict(&format!(r#"{{"a":{value}}}"#), "a", ClaimTest::OneOf(alloc::vec![wanted]))
        };
        assert!(one(r#""x""#, text("x")) && one("true", ClaimValue::Bool(true)) && one("null", ClaimValue::Null));
        assert!(
            one("7", ClaimValue::Integer(7))
                && one("-7", ClaimValue::Integer(-7))
                && !one("7.5", ClaimValue::Integer(7))
        );
        for (value, wanted) in [
            (r#""true""#, ClaimValue::Bool(true)),
            ("1", ClaimValue::Bool(true)),
            ("false", ClaimValue::Bool(true)),
            (r#""7""#, ClaimValue::Integer(7)),
            ("7", text("7")),
            (r#"["x"]"#, text("x")),
            (r#""X""#, text("x")),
            ("0", ClaimValue::Null),
            ("9223372036854775808", ClaimValue::Integer(i64::MIN)),
        ] {
            assert!(!one(value, wanted.clone()), "{value} is not {wanted:?}");
        }
    }

    #[test]
    fn members_of_arrays() {
        let roles = |test| verdict(r#"{"realm":{"roles":["a","b",1]}}"#, "realm.roles", test);
        let [a, b, c] = ["a", "b", "c"].map(text);
        assert!(roles(ClaimTest::All(alloc::vec![a.clone(), b.clone()])));
        assert!(!roles(ClaimTest::All(alloc::vec![a.clone(), c.clone()])));
        assert!(roles(ClaimTest::Any(alloc::vec![c.clone(), b])));
        assert!(!roles(ClaimTest::Any(alloc::vec![c, text("1")])));
        // A text that has the word is no array that has it.
        assert!(!verdict(r#"{"roles":"a b"}"#, "roles", ClaimTest::All(alloc::vec![a])));
    }

    #[test]
    fn presence() {
        for (path, present) in [("a", true), ("b", false), ("c.d", true), ("c.e", false), ("a.b", false), ("n", false)]
        {
            let claims = r#"{"a":1,"c":{"d":[]},"n":null}"#;
            assert_eq!(verdict(claims, path, ClaimTest::Present), present, "{path}");
            // What is null is neither there nor absent.
            assert_eq!(verdict(claims, path, ClaimTest::Absent), !present && path != "n", "{path}");
        }
    }

    #[test]
    fn patterns() {
        for (pattern, matching, others) in [
            (
                "repo:acme/*:ref:refs/heads/main",
                &["repo:acme/shop:ref:refs/heads/main"][..],
                &[
                    "repo:acme/shop:ref:refs/heads/main2",
                    "repo:acme2/shop:ref:refs/heads/main",
                    "xrepo:acme/shop:ref:refs/heads/main",
                    "repo:acme/shop:ref:refs/heads/Main",
                ][..],
            ),
            ("*", &["", "a", "*"], &[]),
            ("a*", &["a", "ab"], &["", "ba"]),
            ("*a", &["a", "ba"], &["", "ab"]),
            ("a*a", &["aa", "aba"], &["a", "ab"]),
            ("*ab*ab*", &["abab", "xabyabz"], &["ab", "aba"]),
            ("a**b", &["ab", "axb"], &["a"]),
            ("a.c", &["a.c"], &["abc"]),
            ("é*", &["éa"], &["e"]),
        ] {
            let is = |value: &str| is_like(value, pattern);
            assert!(matching.iter().all(|text| is(text)), "{pattern}");
            assert!(!others.iter().any(|text| is(text)), "{pattern}");
        }
        assert!(!verdict(r#"{"a":["x"]}"#, "a", ClaimTest::Pattern(String::from("*"))));
    }

    #[test]
    fn paths() {
        let claims = r#"{"a.b":{"c\\d":1},"https://shop.example/roles":2}"#;
        for path in [r"a\.b", r"a\.b.c\d", r"a\.b.c\\d", r"https://shop\.example/roles"] {
            assert!(verdict(claims, path, ClaimTest::Present), "{path}");
        }
        for path in ["", ".", "a.", ".a", "a..b", "https://shop.example/roles", &"a.".repeat(17)] {
            assert!(ClaimRule::new(path, ClaimTest::Present).is_err(), "{path}");
        }
        assert!(ClaimRule::new("a", ClaimTest::Pattern("*".repeat(513))).is_err());
        assert!(ClaimRule::new("a", ClaimTest::Pattern("*".repeat(512))).is_ok());
    }

    #[test]
    fn a_refusal_names_the_claim_found_and_wanted() {
        let rule = ClaimRule::new("token_use", ClaimTest::OneOf(alloc::vec![text("access")])).unwrap();
        let claims = Claims::parse(br#"{"token_use":"id"}"#, &mut Trace::off()).unwrap();
        let error = rule.check(&claims, &mut Trace::off()).unwrap_err();
        assert_eq!(error.code(), ErrorCode::ClaimRefused);
        assert_eq!(
            (error.claim_name(), error.found_value(), error.expected_value()),
            (Some("token_use"), Some("id"), Some("access"))
        );
    }
}
