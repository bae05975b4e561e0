//! RSA keys of many small primes: any encoding, right or wrong, is signed in little time.

use num_bigint::BigUint;

use crate::random::Random;

pub struct Signer {
    pub n: BigUint,
    pub e: u32,
    pub bits: usize,
    pub octets: usize,
    primes: Vec<Prime>,
}

/// A prime, the exponent modulo it, and its factor in the Chinese remainder theorem.
struct Prime {
    p: BigUint,
    d: BigUint,
    factor: BigUint,
}

impl Signer {
    pub fn new(random: &mut Random, bits: usize, e: u32) -> Self {
        loop {
            let mut left = bits;
            let mut primes = Vec::new();
            while left > 0 {
                let size = if left < 512 { left } else { 256 };
                primes.push(prime(random, size, e));
                left -= size;
            }
            primes.sort();
            primes.dedup();
            let n: BigUint = primes.iter().product();
            if n.bits() != bits as u64 {
                continue;
            }
            let primes = primes.into_iter().map(|p| {
                let d = BigUint::from(e).modinv(&(&p - 1_u8)).expect("coprime");
                let rest = &n / &p;
                let factor = &rest * rest.modinv(&p).expect("coprime");
                Prime { p, d, factor }
            });
            return Self { e, bits, octets: bits.div_ceil(8), primes: primes.collect(), n };
        }
    }

    /// The private operation on any octets, modulo n.
    pub fn sign(&self, encoded: &[u8]) -> BigUint {
        let message = BigUint::from_bytes_be(encoded) % &self.n;
        let sum: BigUint = self.primes.iter().map(|Prime { p, d, factor }| (&message % p).modpow(d, p) * factor).sum();
        sum % &self.n
    }

    /// A number in as many octets as n has, or in more if it needs them.
    pub fn octets_of(&self, number: &BigUint) -> Vec<u8> {
        let octets = number.to_bytes_be();
        let mut padded = vec![0; self.octets.saturating_sub(octets.len())];
        padded.extend(octets);
        padded
    }
}

fn prime(random: &mut Random, bits: usize, e: u32) -> BigUint {
    loop {
        let mut octets = random.octets(bits.div_ceil(8));
        let spare = octets.len() * 8 - bits;
        octets[0] &= 0xff >> spare;
        octets[0] |= 0x80 >> spare;
        // The top bits of all primes high, so that the product keeps its length.
        if spare <= 4 {
            octets[0] |= 0xf8_u8 >> spare;
        }
        *octets.last_mut().expect("some octets") |= 1;
        let p = BigUint::from_bytes_be(&octets);
        let less = &p - 1_u8;
        let small = [3_u32, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37].iter().any(|&q| (&p % q) == BigUint::ZERO);
        if !small
            && BigUint::from(e).modinv(&less).is_some()
            && BigUint::from(2_u8).modpow(&less, &p) == BigUint::from(1_u8)
        {
            return p;
        }
    }
}
