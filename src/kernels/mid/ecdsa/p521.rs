//! P-521 (FIPS 186-5, SP 800-186 §3.2.1.5): p = 2⁵²¹ − 1 in 18 limbs of 29 bits.

use super::curve::Curve;
use super::field::{Element, Field, Reduce, take_limb, unrolled};
use super::scalar::Modulus;
use crate::kernels::low::ecdsa::digits::{balanced, from_hex, padded};
use crate::kernels::low::ecdsa::limbs::{Columns, Limbs, One, Sum};

/// The curve P-521 (`secp521r1`).
pub static P521: Curve = Curve {
    length: 66,
    field: &FIELD,
    lanes: &FIELD,
    order: Modulus::new(
        "1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa\
         51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
        18,
        "1a39a5b5a3afe8c44383d2d8e03d1492d0d455bcc6d61a8e567bccff3d142b7756996de87fe01e919f4c8b2dae364b67238dcd79ef9fe9c0b2be91797914ef0cff8",
    ),
    b: from_hex(
        "51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e\
         156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00",
        30,
    ),
    generator: [
        from_hex(
            "c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3d\
             baa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66",
            30,
        ),
        from_hex(
            "11839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c\
             97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650",
            30,
        ),
    ],
    window: 6,
    worth_an_inversion: 20,
};

static FIELD: Field = Field {
    modulus: &Modulus::new(
        "1ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\
         ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        18,
        "0",
    ),
    lanes: 1,
    length: 18,
    bits: BITS,
    top_bits: 521 - 17 * BITS,
    limit: 3,
    top: (1 << 28) + (1 << 8),
    prime: PRIME,
    one: balanced(from_hex("1", BITS as usize), BITS),
    radix_squared: balanced(from_hex("1", BITS as usize), BITS),
    used: padded([-1; 18]),
    a_is_minus_3: true,
    alone: &FIELD,
    times: Sparse::product::<One>,
    squared: Sparse::product_with_itself::<One>,
    carry: Element::carried::<BITS, 1>,
};

const BITS: u32 = 29;

const PRIME: Limbs = padded([-1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 << 28]);

/// The sparse form of p.
struct Sparse;

impl Reduce<18> for Sparse {
    /// 2⁵²² = 2 modulo p, so the columns from 18 on count twice at the bottom.
    ///
    /// Bounds: 1 + 2 · 17 products of factors within ±(2²⁸ + 2⁸), times `limit`, are within 2⁶²·⁸, the
    /// carry within 2³⁴. What comes out at the top is added twice at the bottom and carried once more,
    /// by less than 2⁷.
    #[inline(always)]
    fn reduce<S: Sum>(product: impl Columns<S>) -> [S; 18] {
        let mut limbs = [S::of(0); 18];
        let mut sum = S::of(0);
        unrolled!(K in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 => {
            sum = sum + product.column(K) + (product.column(K + 18) << 1);
            limbs[K] = take_limb(&mut sum, BITS);
        });
        sum = limbs[0] + (sum << 1);
        limbs[0] = take_limb(&mut sum, BITS);
        limbs[1] = limbs[1] + sum;
        limbs
    }
}
