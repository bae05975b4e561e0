//! A claim rule of any path and test against any claims: the verdict is that of a reader over `serde_json` and of a
//! pattern matcher by table, neither of which shares a line with ours.
#![no_main]

use arbitrary::Arbitrary;
use countersign::fuzzing::claim_rule_holds;
use countersign::{ClaimRule, ClaimTest, ClaimValue};
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value, json};

/// Few letters, so that names, texts and patterns meet: those with a meaning in paths and patterns, and one of two octets.
#[derive(Arbitrary, Clone, Copy, Debug)]
enum Letter {
    A,
    B,
    Dot,
    Backslash,
    Star,
    Accent,
}

type Word = Vec<Letter>;

#[derive(Arbitrary, Clone, Debug)]
enum Scalar {
    Null,
    Bool(bool),
    Integer(i64),
    Text(Word),
}

#[derive(Arbitrary, Debug)]
enum Test {
    OneOf(Vec<Scalar>),
    All(Vec<Scalar>),
    Any(Vec<Scalar>),
    Pattern(Word),
    Present,
    Absent,
}

#[derive(Arbitrary, Debug)]
enum Found {
    Scalar(Scalar),
    Fraction(f32),
    Array(Vec<Scalar>),
    Object(Vec<(Word, Scalar)>),
}

#[derive(Arbitrary, Debug)]
struct Scene {
    /// The names of the rule's path.
    path: Vec<Word>,
    /// Where the value is: below the same names, or below others.
    place: Option<Vec<Word>>,
    found: Found,
    test: Test,
}

fuzz_target!(|scene: Scene| {
    let names: Vec<String> = scene.path.iter().map(text).collect();
    let escaped: Vec<String> = names.iter().map(|name| name.replace('\\', r"\\").replace('.', r"\.")).collect();
    let rule = ClaimRule::new(&escaped.join("."), test(&scene.test));
    let pattern_fits = !matches!(&scene.test, Test::Pattern(word) if text(word).len() > 512);
    let expected = !names.is_empty() && names.len() <= 16 && names.iter().all(|name| !name.is_empty()) && pattern_fits;
    assert_eq!(rule.is_ok(), expected, "{scene:?}");
    let Ok(rule) = rule else { return };

    let place: Vec<String> = scene.place.as_ref().map_or(names.clone(), |place| place.iter().map(text).collect());
    let Some(claims) = nested(&place, value(&scene.found)) else { return };
    let found = names.iter().try_fold(&claims, |value, name| value.as_object()?.get(name));
    // What is no claims set, for example because it nests too deep, is judged by no rule.
    if let Ok(holds) = claim_rule_holds(&rule, claims.to_string().as_bytes()) {
        assert_eq!(holds, due(&scene.test, found), "{rule:?} of {claims}");
    }
});

/// An object in which a value stands below these names; `None` without names.
fn nested(names: &[String], value: Value) -> Option<Value> {
    let (first, rest) = names.split_first()?;
    let inner = if rest.is_empty() { value } else { nested(rest, value)? };
    Some(Value::Object(Map::from_iter([(first.clone(), inner)])))
}

fn due(test: &Test, found: Option<&Value>) -> bool {
    let scalars = |list: &[Scalar]| list.iter().map(scalar).collect::<Vec<_>>();
    let members = found.and_then(Value::as_array);
    match (test, found) {
        (Test::Absent, found) => found.is_none(),
        (_, None) => false,
        (Test::Present, Some(found)) => !found.is_null(),
        (Test::OneOf(accepted), Some(found)) => scalars(accepted).contains(found),
        (Test::All(wanted), _) => members.is_some_and(|had| scalars(wanted).iter().all(|one| had.contains(one))),
        (Test::Any(wanted), _) => members.is_some_and(|had| scalars(wanted).iter().any(|one| had.contains(one))),
        (Test::Pattern(pattern), Some(found)) => found.as_str().is_some_and(|found| is_like(found, &text(pattern))),
    }
}

/// By a table over both texts: whether the first letters of one are like the first of the other.
fn is_like(text: &str, pattern: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    let mut row = vec![false; text.len() + 1];
    row[0] = true;
    for letter in pattern.chars() {
        let mut next = vec![false; text.len() + 1];
        for at in 0..=text.len() {
            next[at] = match letter {
                '*' => row[at] || (at > 0 && next[at - 1]),
                letter => at > 0 && row[at - 1] && text[at - 1] == letter,
            };
        }
        row = next;
    }
    row[text.len()]
}

fn text(word: &Word) -> String {
    let letter = |letter: &Letter| match letter {
        Letter::A => 'a',
        Letter::B => 'b',
        Letter::Dot => '.',
        Letter::Backslash => '\\',
        Letter::Star => '*',
        Letter::Accent => 'é',
    };
    word.iter().map(letter).collect()
}

fn scalar(scalar: &Scalar) -> Value {
    match scalar {
        Scalar::Null => Value::Null,
        Scalar::Bool(truth) => json!(truth),
        Scalar::Integer(number) => json!(number),
        Scalar::Text(word) => json!(text(word)),
    }
}

fn value(found: &Found) -> Value {
    match found {
        Found::Scalar(one) => scalar(one),
        Found::Fraction(number) => json!(number),
        Found::Array(members) => members.iter().map(scalar).collect(),
        Found::Object(members) => members.iter().map(|(name, one)| (text(name), scalar(one))).collect(),
    }
}

fn test(test: &Test) -> ClaimTest {
    let values = |list: &[Scalar]| {
        let value = |one: &Scalar| match one {
            Scalar::Null => ClaimValue::Null,
            Scalar::Bool(truth) => ClaimValue::Bool(*truth),
            Scalar::Integer(number) => ClaimValue::Integer(*number),
            Scalar::Text(word) => ClaimValue::Text(text(word)),
        };
        list.iter().map(value).collect()
    };
    match test {
        Test::OneOf(list) => ClaimTest::OneOf(values(list)),
        Test::All(list) => ClaimTest::All(values(list)),
        Test::Any(list) => ClaimTest::Any(values(list)),
        Test::Pattern(word) => ClaimTest::Pattern(text(word)),
        Test::Present => ClaimTest::Present,
        Test::Absent => ClaimTest::Absent,
    }
}
