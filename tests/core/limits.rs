//! What is large, deep or many is refused or handled in bounded time (law 6).
#![allow(clippy::unwrap_used)]

use countersign::{Accepted, ErrorCode, KeySet, Policy, Profile, UnixTime, Verifier};

const X: &str = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
const Y: &str = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
const NOW: UnixTime = UnixTime::from_seconds(1_300_000_000);

/// RFC 7515 §A.3; its header has no `kid`.
const TOKEN: &str = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

fn verifier(keys: KeySet, max_token_size: usize) -> Verifier {
    let mut policy = Policy::new(Profile::Jwt, Accepted::OneOf(vec!["joe".into()]), Accepted::Any);
    policy.max_token_size = max_token_size;
    Verifier::new(policy, keys)
}

fn one_key() -> KeySet {
    KeySet::parse(format!(r#"{{"kty":"EC","crv":"P-256","x":"{X}","y":"{Y}"}}"#).as_bytes()).unwrap()
}

fn code(verifier: &Verifier, token: &[u8]) -> Option<ErrorCode> {
    verifier.verify(token, NOW).err().map(|error| error.code())
}

#[test]
fn tokens_of_ten_megabytes() {
    const SIZE: usize = 10_000_000;
    let verifier = verifier(one_key(), SIZE);
    assert_eq!(code(&verifier, &vec![b'.'; SIZE]), Some(ErrorCode::TokenMalformed));
    assert_eq!(code(&verifier, &vec![b'A'; SIZE]), Some(ErrorCode::TokenMalformed));
    assert_eq!(code(&verifier, &vec![0xff; SIZE]), Some(ErrorCode::TokenMalformed));
    assert_eq!(code(&verifier, &vec![b'.'; SIZE + 1]), Some(ErrorCode::TokenTooLarge));
    let (head, rest) = TOKEN.split_once('.').unwrap();
    let payload = "A".repeat(SIZE - TOKEN.len());
    let signature = rest.split_once('.').unwrap().1;
    assert_eq!(code(&verifier, format!("{head}.{payload}.{signature}").as_bytes()), Some(ErrorCode::SignatureInvalid));
    assert_eq!(code(&verifier, TOKEN.as_bytes()), None);
}

#[test]
fn a_hundred_thousand_keys_in_a_set() {
    let members: Vec<String> = (0..100_000).map(|i| format!(r#"{{"kty":"zzz","kid":"k{i}"}}"#)).collect();
    let good = format!(r#"{{"kty":"EC","crv":"P-256","x":"{X}","y":"{Y}","kid":"k7"}}"#);
    let set = KeySet::parse(format!(r#"{{"keys":[{},{good}]}}"#, members.join(",")).as_bytes()).unwrap();
    assert_eq!((set.len(), set.dropped().len()), (1, 100_000));
    assert_eq!(code(&verifier(set, 4096), TOKEN.as_bytes()), None);
}

#[test]
fn three_hundred_thousand_members_of_a_key() {
    let members: Vec<String> = (0..300_000).map(|i| format!(r#""m{i}":{i}"#)).collect();
    let key = |more: &str| format!(r#"{{"kty":"EC","crv":"P-256","x":"{X}","y":"{Y}",{}{more}}}"#, members.join(","));
    assert_eq!(KeySet::parse(key("").as_bytes()).unwrap().len(), 1);
    let refusal = KeySet::parse(key(r#","m0":0"#).as_bytes()).unwrap_err();
    assert_eq!((refusal.code(), refusal.claim_name()), (ErrorCode::KeyInvalid, Some("m0")));
}

#[test]
fn only_sixteen_keys_are_tried() {
    let oct = |i: usize| format!(r#"{{"kty":"EC","crv":"P-256","x":"{X}","y":"{Y}","kid":"k{i}"}}"#);
    let other = r#"{"kty":"EC","crv":"P-256","x":"axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY","y":"T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"}"#;
    for (wrong, verdict) in [(15, None), (16, Some(ErrorCode::SignatureInvalid))] {
        let keys: Vec<String> = (0..wrong).map(|_| String::from(other)).chain([oct(0)]).collect();
        let set = KeySet::parse(format!(r#"{{"keys":[{}]}}"#, keys.join(",")).as_bytes()).unwrap();
        assert_eq!(code(&verifier(set, 4096), TOKEN.as_bytes()), verdict);
    }
}

#[test]
fn any_nesting_of_a_key_set() {
    for text in
        ["[".repeat(1_000_000), r#"{"keys":"#.repeat(200_000), r#"{"keys":[{"a":"#.to_owned() + &"[".repeat(500_000)]
    {
        assert_eq!(KeySet::parse(text.as_bytes()).unwrap_err().code(), ErrorCode::KeyInvalid);
    }
}
