//! RFC 7468: public keys and certificates as text, in every layout whose meaning is plain.
#![allow(clippy::unwrap_used)]

use countersign::{Error, ErrorCode, KeySet, SignaturePolicy, verify_signature};

/// A JWS by the key [`KEY`], ES256 (made by OpenSSL).
const TOKEN: &str = include_str!("fixtures/es256.jws");
/// Its public key, as OpenSSL writes it.
const KEY: &str = include_str!("fixtures/es256.pem");
/// A certificate of it.
const CERTIFICATE: &str = include_str!("fixtures/es256-certificate.pem");
/// An RSA key in both of its forms, with and without the parameters of RSASSA-PSS, and a JWS by it for each algorithm.
const RSA: &str = include_str!("fixtures/rsa.pem");
const RSA_PKCS1: &str = include_str!("fixtures/rsa-pkcs1.pem");
const RSA_PSS: &str = include_str!("fixtures/rsa-pss.pem");
const RSA_PSS_SHA256: &str = include_str!("fixtures/rsa-pss-sha256.pem");
const RSA_PSS_SHA512: &str = include_str!("fixtures/rsa-pss-sha512.pem");
const RSA_PSS_SHA1: &str = include_str!("fixtures/rsa-pss-sha1.pem");
const RSA_TOKENS: &str = include_str!("fixtures/rsa.jws");

fn verdict(keys: &str, token: &str) -> Result<(), Error> {
    let policy = SignaturePolicy { algorithms: None, crit: vec![], max_token_size: 4096 };
    verify_signature(token.trim().as_bytes(), &KeySet::parse(keys.as_bytes())?, &policy).map(|_| ())
}

fn refusal(keys: &str) -> Option<ErrorCode> {
    verdict(keys, TOKEN).err().map(|error| error.code())
}

fn body(pem: &str) -> String {
    pem.lines().filter(|line| !line.starts_with('-')).collect()
}

fn wrap(label: &str, body: &str) -> String {
    format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n")
}

fn columns(body: &str, width: usize) -> String {
    let lines: Vec<&str> = body.as_bytes().chunks(width).map(|line| str::from_utf8(line).unwrap()).collect();
    lines.join("\n")
}

fn indented(pem: &str, by: &str) -> String {
    pem.lines().map(|line| format!("{by}{line}\n")).collect()
}

/// Every layout of a PEM text.
fn layouts(pem: &str) -> Vec<(&'static str, String)> {
    let label = pem.lines().next().unwrap().trim_start_matches("-----BEGIN ").trim_end_matches("-----");
    let one_line = wrap(label, &body(pem));
    vec![
        ("64 columns", pem.into()),
        ("one line", one_line.clone()),
        ("76 columns", wrap(label, &columns(&body(pem), 76))),
        ("a character a line", wrap(label, &columns(&body(pem), 1))),
        ("blanks between the characters", wrap(label, &columns(&body(pem), 7).replace('\n', " \t"))),
        ("CRLF", pem.replace('\n', "\r\n")),
        ("CR", pem.replace('\n', "\r")),
        ("empty lines", pem.replace('\n', "\n\n")),
        ("blanks at the ends of lines", pem.replace('\n', " \t\n")),
        ("no last line end", pem.trim_end().into()),
        ("indented", indented(pem, "    ")),
        ("indented by a tab", indented(pem, "\t")),
        ("indented after the first line", indented(pem, "  ").trim_start().into()),
        ("\\n spelled out", pem.replace('\n', "\\n")),
        ("\\r\\n spelled out", pem.replace('\n', "\\r\\n")),
        ("\\n spelled out, a true one behind", format!("{}\n", pem.replace('\n', "\\n"))),
        ("spaces for line ends", pem.replace('\n', " ")),
        ("nothing for line ends", pem.replace('\n', "")),
        ("text in front", format!("key of July\n{pem}")),
        ("text behind", format!("{pem}that was all\n")),
        ("what openssl pkey -text writes", format!("Public-Key: (256 bit)\npub:\n    04:1d:3a\n{pem}")),
        ("a line of hyphens in front", format!("----------\n---- key ----\n{pem}")),
        ("a comment that names the boundary", format!("# -----BEGIN {label}----- and so on:\n{pem}")),
        ("umlauts in front", format!("Schlüssel für Käufe\n{pem}")),
        ("a byte order mark", format!("\u{feff}{pem}")),
        ("one line, CRLF", one_line.replace('\n', "\r\n")),
        ("text in front, \\n spelled out", format!("July\\n{}", pem.replace('\n', "\\n"))),
    ]
}

#[test]
fn section_2_layouts_of_keys_and_certificates() {
    for pem in [KEY, CERTIFICATE] {
        for (name, text) in layouts(pem) {
            assert_eq!(refusal(&text), None, "{name}");
        }
    }
    let token = RSA_TOKENS.lines().next().unwrap();
    for pem in [RSA, RSA_PKCS1] {
        for (name, text) in layouts(pem) {
            assert!(verdict(&text, token).is_ok(), "{name}");
        }
    }
    assert_eq!(refusal(&CERTIFICATE.replace("CERTIFICATE", "X509 CERTIFICATE")), None, "§5.1");
}

#[test]
fn broken_texts_are_refused() {
    let body = body(KEY);
    let long = "A".repeat(20_000);
    for (name, text) in [
        ("cut", KEY[..100].to_owned()),
        ("no END", wrap("PUBLIC KEY", &body).replace("-----END PUBLIC KEY-----\n", "")),
        ("no BEGIN", KEY.replace("-----BEGIN PUBLIC KEY-----\n", "")),
        ("labels differ", KEY.replace("END PUBLIC", "END RSA PUBLIC")),
        ("END in small letters", KEY.replace("END PUBLIC KEY", "end public key")),
        ("BEGIN in small letters", KEY.replace("BEGIN PUBLIC KEY", "begin public key")),
        ("four hyphens in front of BEGIN", KEY.replace("-----BEGIN", "----BEGIN")),
        ("four hyphens behind BEGIN", KEY.replace("BEGIN PUBLIC KEY-----", "BEGIN PUBLIC KEY----")),
        ("four hyphens in front of END", KEY.replace("-----END", "----END")),
        ("four hyphens behind END", KEY.replace("END PUBLIC KEY-----", "END PUBLIC KEY----")),
        ("six hyphens in front of END", KEY.replace("-----END", "------END")),
        ("text behind END", KEY.replace("END PUBLIC KEY-----", "END PUBLIC KEY-----x")),
        ("a quote behind END", format!("{}\"", KEY.trim_end())),
        ("a blank in the label", KEY.replace("PUBLIC KEY", "PUBLIC  KEY")),
        ("no blank in the label", KEY.replace("PUBLIC KEY", "PUBLICKEY")),
        ("nothing within", wrap("PUBLIC KEY", "")),
        ("white space within", wrap("PUBLIC KEY", " \n\t")),
        ("a character missing", wrap("PUBLIC KEY", &body[1..])),
        ("padding missing", wrap("PUBLIC KEY", body.trim_end_matches('='))),
        ("padding doubled", wrap("PUBLIC KEY", &format!("{body}="))),
        ("padding within", wrap("PUBLIC KEY", &format!("AA=={body}"))),
        ("an underscore", wrap("PUBLIC KEY", &format!("{}_{}", &body[..8], &body[9..]))),
        ("a hyphen", wrap("PUBLIC KEY", &format!("{}-{}", &body[..8], &body[9..]))),
        ("NUL", wrap("PUBLIC KEY", &format!("\0{body}"))),
        ("a vertical tab", wrap("PUBLIC KEY", &format!("\u{b}{body}"))),
        ("a no-break space", wrap("PUBLIC KEY", &format!("\u{a0}{body}"))),
        ("another escape", KEY.replace('\n', "\\t")),
        ("escaped twice", KEY.replace('\n', "\\\\n")),
        ("a header (RFC 1421)", wrap("PUBLIC KEY", &format!("Proc-Type: 4,CLEAR\n\n{body}"))),
        ("a label of another kind", KEY.replace("PUBLIC KEY", "SHOP KEY")),
        ("a certificate's label", KEY.replace("PUBLIC KEY", "CERTIFICATE")),
        ("the label of PKCS #1", KEY.replace("PUBLIC KEY", "RSA PUBLIC KEY")),
        ("a second block without END", format!("{KEY}{}", &KEY[..100])),
        ("an END too many", format!("{KEY}-----END PUBLIC KEY-----\n")),
        ("BEGIN on the line of END", format!("{}{KEY}", KEY.trim_end())),
        ("noise", wrap("PUBLIC KEY", &long)),
    ] {
        assert_eq!(refusal(&text), Some(ErrorCode::KeyInvalid), "{name}");
    }
}

#[test]
fn several_blocks_are_several_keys() {
    let other = RSA;
    for text in [
        format!("{KEY}{other}"),
        format!("{other}{KEY}"),
        format!("issued in July\n{other}\nissued in June\n{CERTIFICATE}"),
        format!("{other}{KEY}").replace('\n', "\\n"),
        format!("{other}{KEY}").replace('\n', " "),
        indented(&format!("{other}{KEY}"), "  "),
    ] {
        assert_eq!(KeySet::parse(text.as_bytes()).unwrap().len(), 2, "{text}");
        assert_eq!(refusal(&text), None);
    }
    // One that cannot be used does not break its siblings, as in a JWK Set (RFC 7517 §5).
    let set = KeySet::parse(format!("{}{KEY}", wrap("SHOP KEY", "AAAA")).as_bytes()).unwrap();
    assert_eq!((set.len(), set.dropped().len()), (1, 1));
}

/// RFC 7468 §10: whatever stands beside it, and however it is written.
#[test]
fn section_10_a_private_key_anywhere_is_refused() {
    for label in ["PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "OPENSSH PRIVATE KEY"] {
        let private = wrap(label, "AAAA");
        for text in [
            private.clone(),
            format!("{KEY}{private}"),
            format!("{private}{KEY}"),
            format!("{KEY}# {private}"),
            format!("{KEY}{private}").replace('\n', "\\n"),
            format!("{KEY}{private}").replace('\n', " "),
            format!("{}{private}", &KEY[..100]),
            format!("{KEY}-----BEGIN {label}-----\n"),
        ] {
            let error = KeySet::parse(text.as_bytes()).unwrap_err();
            assert_eq!((error.code(), error.found_value()), (ErrorCode::KeyPrivate, Some(label)), "{text}");
            let by_kid = format!(r#"{{"a":"{}","b":"{}"}}"#, KEY.replace('\n', "\\n"), text.replace('\n', "\\n"));
            assert_eq!(KeySet::parse(by_kid.as_bytes()).unwrap_err().code(), ErrorCode::KeyPrivate, "{by_kid}");
        }
    }
}

/// RFC 4055 §1.2, §3.1 and §3.3: a key of RSASSA-PSS signs by that scheme alone, with the hash that its parameters name.
#[test]
fn keys_of_rsassa_pss() {
    let accepted = |keys: &str| {
        let names = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];
        let verdicts = RSA_TOKENS.lines().map(|token| verdict(keys, token).map_err(|error| error.code()));
        let verdicts = names.iter().zip(verdicts).filter_map(|(name, verdict)| match verdict {
            Ok(()) => Some(*name),
            Err(code) => {
                assert_eq!(code, ErrorCode::KeyUnsuitable, "{name}");
                None
            }
        });
        verdicts.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(accepted(RSA), "RS256 RS384 RS512 PS256 PS384 PS512");
    assert_eq!(accepted(RSA_PKCS1), "RS256 RS384 RS512 PS256 PS384 PS512");
    assert_eq!(accepted(RSA_PSS), "PS256 PS384 PS512");
    assert_eq!(accepted(RSA_PSS_SHA256), "PS256");
    assert_eq!(accepted(RSA_PSS_SHA512), "PS512");
    let error = verdict(RSA_PSS_SHA1, TOKEN).unwrap_err();
    assert_eq!((error.code(), error.spec()), (ErrorCode::KeyInvalid, "RFC 7518 §3.5"));
}

/// As Google publishes the keys of Firebase's session cookies.
#[test]
fn pem_by_kid() {
    let json = |members: &[(&str, &str)]| {
        let members: Vec<String> =
            members.iter().map(|(kid, pem)| format!(r#""{kid}":"{}""#, pem.replace('\n', "\\n"))).collect();
        format!("{{{}}}", members.join(","))
    };
    let kids = |text: &str| {
        let sets = [KeySet::parse(text.as_bytes()), KeySet::parse_published(text.as_bytes())];
        let [one, other] = sets.map(|set| {
            let set = set.map_err(|error| error.code())?;
            Ok::<_, ErrorCode>(set.keys().iter().map(|key| String::from(key.kid().unwrap())).collect::<Vec<_>>())
        });
        assert_eq!(one, other, "published or configured");
        one
    };
    assert_eq!(kids(&json(&[("a", CERTIFICATE), ("b", RSA)])).unwrap(), ["a", "b"]);
    assert_eq!(kids(&json(&[("keys", KEY)])).unwrap(), ["keys"]);
    assert_eq!(kids(&json(&[("kty", KEY), ("", RSA)])).unwrap(), ["kty", ""]);
    assert_eq!(kids(&json(&[("a", &wrap("PUBLIC KEY", &body(KEY)))])).unwrap(), ["a"]);
    // A member that cannot be used is dropped, and says why.
    let set = KeySet::parse(json(&[("a", &KEY[..100]), ("b", KEY)]).as_bytes()).unwrap();
    assert_eq!((set.len(), set.dropped()[0].kid.as_deref()), (1, Some("a")));
    // A kid names one key: a chain of certificates is none.
    let error = KeySet::parse(json(&[("a", &format!("{CERTIFICATE}{CERTIFICATE}"))]).as_bytes()).unwrap_err();
    assert_eq!((error.code(), error.found_value()), (ErrorCode::KeyInvalid, Some("several blocks")));
    // Only if every member is PEM.
    for text in [
        "{}".into(),
        format!(r#"{{"a":"{}","b":null}}"#, KEY.replace('\n', "\\n")),
        format!(r#"{{"a":"{}","kty":"EC"}}"#, KEY.replace('\n', "\\n")),
        json(&[("a", KEY), ("a", KEY)]),
        json(&[("a", KEY), ("b", "none")]),
    ] {
        assert_eq!(kids(&text), Err(ErrorCode::KeyInvalid), "{text}");
    }
}
