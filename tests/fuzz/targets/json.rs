//! JSON against `serde_json`: the same texts but for duplicates, depth and its own limits, and the
//! same values.
#![no_main]

use countersign::fuzzing::{Json, parse_json, parse_json_with_duplicates, write_json_string};
use countersign_fuzz::compact::{Limit, limit};
use countersign_fuzz::invariants::check_error;
use countersign_fuzz::tree::Tree;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let ours = parse_json(data);
    if let Err(error) = &ours {
        check_error(error);
    }
    let code = ours.as_ref().err().map(|error| error.code().as_str());
    match Tree::parse(data) {
        Ok(theirs) => {
            let (deep, duplicate) = (theirs.depth() > 64, theirs.has_duplicate());
            match code {
                None => assert!(!deep && !duplicate && same(ours.as_ref().unwrap(), &theirs), "{ours:?} {theirs:?}"),
                Some("json_too_deep") => assert!(deep),
                Some("json_duplicate_member") => assert!(duplicate),
                Some(other) => panic!("{other}, but serde_json reads {theirs:?}"),
            }
        }
        Err(error) => match (limit(&error), &ours) {
            (Some(Limit::Number), Ok(value)) => assert!(has_huge_number(value), "{error}"),
            (None, Ok(value)) => panic!("{value:?}, but serde_json says {error}"),
            (Some(Limit::Depth), _) => {
                assert!(matches!(code, Some("utf8_invalid" | "json_too_deep" | "json_duplicate_member")), "{code:?}");
            }
            (_, Err(_)) => {}
        },
    }
    if code == Some("utf8_invalid") {
        assert!(std::str::from_utf8(data).is_err());
    }

    // The reader of key sets differs in duplicates only, and tells whether there is one.
    match (parse_json_with_duplicates(data), &ours) {
        (Ok((value, None)), Ok(ours)) => assert_eq!(value, *ours),
        (Ok((_, Some(_))), Err(_)) => assert_eq!(code, Some("json_duplicate_member")),
        (Err(other), Err(error)) => {
            // A duplicate may stand before the fault.
            assert!(other == *error || code == Some("json_duplicate_member"), "{other:?} {error:?}");
        }
        (other, ours) => panic!("{other:?} {ours:?}"),
    }

    if let Ok(text) = std::str::from_utf8(data) {
        let written = write_json_string(text);
        assert_eq!(serde_json::from_str::<String>(&written).ok().as_deref(), Some(text), "{written:?}");
        assert_eq!(parse_json(written.as_bytes()).ok(), Some(Json::String(text.to_owned())));
    }
});

fn same(ours: &Json, theirs: &Tree) -> bool {
    match (ours, theirs) {
        (Json::Null, Tree::Null) => true,
        (Json::Bool(one), Tree::Bool(other)) => one == other,
        (Json::Number(text), Tree::Unsigned(number)) => text.parse() == Ok(*number),
        (Json::Number(text), Tree::Signed(number)) => text.parse() == Ok(*number),
        (Json::Number(text), Tree::Float(number)) => text.parse() == Ok(*number),
        (Json::String(one), Tree::String(other)) => one == other,
        (Json::Array(one), Tree::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Json::Object(one), Tree::Object(other)) => {
            let member = |((a, x), (b, y)): (&(String, Json), &(String, Tree))| a == b && same(x, y);
            one.len() == other.len() && one.iter().zip(other).all(member)
        }
        _ => false,
    }
}

fn has_huge_number(value: &Json) -> bool {
    match value {
        Json::Number(text) => text.parse().is_ok_and(f64::is_infinite),
        Json::Array(values) => values.iter().any(has_huge_number),
        Json::Object(members) => members.iter().any(|(_, value)| has_huge_number(value)),
        _ => false,
    }
}
