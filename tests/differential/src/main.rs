//! Countersign's signature arithmetic against RustCrypto's, case by case.
//!
//! `countersign-kernels KERNEL CASES SEED` prints its counts as a line of JSON every second and at the end.
//! Disagreements are told on stderr; with one the status is 1. `npm run kernels` drives it.

mod curves;
mod ed25519;
mod octets;
mod random;
mod rsa;
mod subject;
mod tally;

use std::process::ExitCode;

use random::Random;
use tally::Tally;

const P256: curves::Names = curves::Names {
    curve: "P-256",
    algorithm: "ES256",
    prime: "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
};
const P384: curves::Names = curves::Names {
    curve: "P-384",
    algorithm: "ES384",
    prime: "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff",
};
const P521: curves::Names = curves::Names {
    curve: "P-521",
    algorithm: "ES512",
    prime: "1ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
};
const SECP256K1: curves::Names = curves::Names {
    curve: "secp256k1",
    algorithm: "ES256K",
    prime: "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f",
};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [kernel, cases, seed] = arguments.as_slice() else {
        eprintln!("countersign-kernels KERNEL CASES SEED");
        return ExitCode::from(2);
    };
    let (Ok(cases), Ok(seed)) = (cases.parse(), seed.parse()) else {
        eprintln!("CASES and SEED are whole numbers");
        return ExitCode::from(2);
    };
    let random = &mut Random(seed);
    let tally = &mut Tally::new(kernel);
    match kernel.as_str() {
        "p256" => curves::run::<p256::NistP256>(&P256, cases, random, tally),
        "p384" => curves::run::<p384::NistP384>(&P384, cases, random, tally),
        "p521" => curves::run::<p521::NistP521>(&P521, cases, random, tally),
        "secp256k1" => curves::run::<k256::Secp256k1>(&SECP256K1, cases, random, tally),
        "ed25519" => ed25519::run(cases, random, tally),
        "rsa2048" => rsa::run(&[2048], cases, random, tally),
        "rsa3072" => rsa::run(&[3072], cases, random, tally),
        "rsa4096" => rsa::run(&[4096], cases, random, tally),
        "rsa-other" => rsa::run(&[2049, 2050, 2055, 2056, 2057, 2304, 8192], cases, random, tally),
        _ => {
            eprintln!("no kernel {kernel}");
            return ExitCode::from(2);
        }
    }
    tally.tell();
    if tally.disagreements == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
