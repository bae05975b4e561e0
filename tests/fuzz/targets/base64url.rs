//! Base64url against `base64ct`: the same texts, the same octets.
#![no_main]

use base64ct::{Base64UrlUnpadded, Encoding};
use countersign::fuzzing::{Base64urlFault, decode_base64url, encode_base64url};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let ours = decode_base64url(data);
    let theirs = std::str::from_utf8(data).ok().and_then(|text| Base64UrlUnpadded::decode_vec(text).ok());
    assert_eq!(ours.as_deref().ok(), theirs.as_deref());
    match ours {
        Ok(octets) => assert_eq!(encode_base64url(&octets).as_bytes(), data, "not canonical"),
        Err(fault) => {
            let alphabet = |octet: &u8| octet.is_ascii_alphanumeric() || b"-_".contains(octet);
            match fault {
                Base64urlFault::Alphabet => assert!(!data.iter().all(alphabet)),
                Base64urlFault::Length => assert_eq!(data.len() % 4, 1),
                Base64urlFault::TrailingBits => assert!(data.iter().all(alphabet) && data.len() % 4 > 1),
            }
        }
    }

    let text = encode_base64url(data);
    assert_eq!(text, Base64UrlUnpadded::encode_string(data));
    assert_eq!(decode_base64url(text.as_bytes()).as_deref(), Ok(data));
});
