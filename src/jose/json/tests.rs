use super::*;

fn code(text: &[u8]) -> Option<ErrorCode> {
    parse(text).err().map(|error| error.code())
}

#[test]
fn every_value_of_rfc_8259() {
    let text = br#" {"a":[1,-0.5e+3,true,false,null,"x\u00e9\ud83d\ude00\/\n"],"":{}} "#;
    let value = parse(text).unwrap();
    let array = value.as_object().unwrap().get("a").unwrap().as_array().unwrap();
    assert_eq!(array[1], Value::Number("-0.5e+3"));
    assert_eq!(array[5].as_str(), Some("xé😀/\n"));
    assert_eq!(parse(br#""\"\\\/\b\f\n\r\t""#).unwrap().as_str(), Some("\"\\/\u{8}\u{c}\n\r\t"));
    let members = value.as_object().unwrap();
    assert_eq!(members.members().map(|(name, _)| name).collect::<Vec<_>>(), ["a", ""]);
    assert!(members.contains("") && !members.contains("b"));
}

#[test]
fn malformed_texts_are_refused() {
    for text in [
        "",
        " ",
        "{",
        "[1,]",
        "{\"a\":1,}",
        "{a:1}",
        "'a'",
        "01",
        "1.",
        ".5",
        "1e",
        "+1",
        "-",
        "nul",
        "tru",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\t\"",
        "\"",
        "[1 2]",
        "{\"a\" 1}",
        "1 1",
        "NaN",
        "Infinity",
        "\u{feff}{}",
        "{}\0",
        "\"\\ud800\"",
        "\"\\udc00\"",
        "\"\\ud800\\u0041\"",
        "\"\\ud800x\"",
    ] {
        assert_eq!(code(text.as_bytes()), Some(ErrorCode::JsonInvalid), "{text:?}");
    }
    assert_eq!(code(b"\"\xff\""), Some(ErrorCode::Utf8Invalid));
    assert_eq!(code(b"\"\xed\xa0\x80\""), Some(ErrorCode::Utf8Invalid));
}

#[test]
fn duplicates_are_found_after_unescaping_at_any_depth_and_size() {
    assert_eq!(code(br#"{"alg":1,"\u0061lg":2}"#), Some(ErrorCode::JsonDuplicateMember));
    assert_eq!(code(br#"{"x":[{"y":{"a":1,"a":1}}]}"#), Some(ErrorCode::JsonDuplicateMember));
    let many: String = (0..40).map(|i| alloc::format!("\"m{}\":1,", i % 39)).collect();
    let many = alloc::format!("{{{}}}", many.trim_end_matches(','));
    assert_eq!(code(many.as_bytes()), Some(ErrorCode::JsonDuplicateMember));
    for texts in
        [["b", "a", "b", "a"], ["a", "b", "a", "b"], ["a", "b", "b", "a"], ["a", "a", "a", "b"], ["a", "b", "ab", "b"]]
    {
        let first = (1..4).find(|&i| texts[..i].contains(&texts[i]));
        assert_eq!(first_repeated(texts.to_vec()), first, "{texts:?}");
    }
    assert_eq!((first_repeated(Vec::new()), first_repeated(["a", "b", "", "ab"].to_vec())), (None, None));
    assert_eq!(parse_with_duplicates(br#"[{"a":1,"a":2}]"#).unwrap().duplicate(), Some("a"));
}

#[test]
fn what_is_not_kept_is_checked_all_the_same() {
    let text = br#"{"iss":"a","x":[[1],{"y":[2]}],"aud":["b",["c"]],"z":{"aud":["d"]},"n":1}"#;
    let kept = parse_members(text, &["aud"]).unwrap();
    assert_eq!(kept, parse(br#"{"iss":"a","x":[],"aud":["b",["c"]],"z":{},"n":1}"#).unwrap());
    assert_eq!(parse_members(b"[1,[2]]", &["aud"]), parse(b"[]"));
    for wrong in [r#"{"x":[1,]}"#, r#"{"x":{"y":[{"a":1,"a":2}]}}"#, r#"{"aud":[],"x":[01]}"#, r#"{"x":1,"x":[]}"#] {
        let ours = parse_members(wrong.as_bytes(), &["aud"]).map_err(|error| error.code());
        assert_eq!(ours.err(), code(wrong.as_bytes()), "{wrong}");
        assert!(code(wrong.as_bytes()).is_some());
    }
}

#[test]
fn depth_is_bounded() {
    let nested = |n: usize| alloc::format!("{}{}", "[".repeat(n), "]".repeat(n));
    assert_eq!(code(nested(64).as_bytes()), None);
    assert_eq!(code(nested(65).as_bytes()), Some(ErrorCode::JsonTooDeep));
    let objects = |n: usize| alloc::format!("{}1{}", r#"{"a":"#.repeat(n), "}".repeat(n));
    assert_eq!(code(objects(64).as_bytes()), None);
    assert_eq!(code(objects(65).as_bytes()), Some(ErrorCode::JsonTooDeep));
    assert_eq!(code("[".repeat(1_000_000).as_bytes()), Some(ErrorCode::JsonTooDeep));
}
