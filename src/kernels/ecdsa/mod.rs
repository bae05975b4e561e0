//! ECDSA verification (FIPS 186-5 §6.4.2; RFC 7518 §3.4, RFC 8812 §3.2) on P-256, P-384, P-521 and
//! secp256k1, in variable time: everything that a check sees is public.
//!
//! A check computes R = u₁G + u₂Q with u₁ = e / s and u₂ = r / s modulo n and compares the x of R with
//! r. What makes it fast where the same few keys check many signatures:
//! - a [`Table`] for the key and one for the base point: no doublings, one addition a digit (`table`);
//! - limbs of 28 or 29 bits in 64-bit columns and the sparse form of each prime (`field`, and a file a
//!   curve), which suits machines without a 128-bit product, WebAssembly among them;
//! - sums of two points each, many at once, which share an inversion (`line`), two side by side in the lanes of
//!   vectors on P-256 (`limb`, `pair`);
//! - variable-time inversions (`inverse`), and none of Z at the end: X = r · Z² is compared.
//!
//! All of it is there once, for all curves: a `Curve` says what makes one different, and its `Field` how to make
//! products modulo its prime. These alone are written out for each curve.
//!
//! Reading order: this file, `curve`, `table`, `points`, `line`, `point`, `field`, `limb`, then a curve of its own;
//! `scalar` and `inverse` stand by themselves.

#[cfg(test)]
mod bounds;
mod curve;
mod field;
mod inverse;
mod limb;
mod limbs;
mod line;
mod number;
mod p256;
mod p384;
mod p521;
mod pair;
mod point;
mod points;
mod scalar;
pub(super) mod scheme;
mod secp256k1;
mod table;
#[cfg(test)]
mod tests;

use curve::Curve;
use point::Affine;
use scalar::Modulus;
use table::Table;

/// A public key: a point on a curve, not the point at infinity.
#[derive(Clone, Debug)]
pub struct Key {
    curve: &'static Curve,
    point: Affine,
}

impl Key {
    /// The key of two coordinates of full length (RFC 7518 §6.2.1.2). `None` if a length is wrong, a
    /// coordinate is not below p, or the point is not on the curve (RFC 8725 §3.4). All these curves have
    /// a prime order, so there is no small subgroup to land in.
    pub fn from_coordinates(curve: &'static Curve, x: &[u8], y: &[u8]) -> Option<Self> {
        Some(Self { curve, point: curve.point(x, y)? })
    }

    /// The table that makes checks with this key fast.
    pub fn table(&self) -> Table {
        Table::new(self.curve, &self.point)
    }

    /// Whether `signature`, r and s side by side, is this key's for the message with this hash. The
    /// tables must be this key's and the base point's; without one the check is slower.
    ///
    /// The scalar e is the hash's leftmost bits, as many as n has (FIPS 186-5 §6.4.2). A hash is at most
    /// 64 octets long, which is shorter than the order of P-521.
    pub fn verify(&self, hash: &[u8], signature: &[u8], table: Option<&Table>, generator: Option<&Table>) -> bool {
        let Curve { length, order, field, .. } = self.curve;
        let Some(Scalars { r, u1, u2 }) = Scalars::new(order, *length, hash, signature) else { return false };
        let point = table::double_multiple(self.curve, [&u1, &u2], &self.point, generator, table);
        // x modulo n is r: x is r, or r + n if that is below p.
        let wrapped = order.plus(&r);
        point.has_x(&r) || (number::is_below(&wrapped, field.modulus.limbs()) && point.has_x(&wrapped))
    }
}

/// The numbers of a check: r, u₁ = e / s and u₂ = r / s modulo n.
struct Scalars {
    r: number::Limbs,
    u1: number::Limbs,
    u2: number::Limbs,
}

impl Scalars {
    #[inline(never)]
    fn new(order: &Modulus, length: usize, hash: &[u8], signature: &[u8]) -> Option<Self> {
        if signature.len() != 2 * length || hash.len() > 64 {
            return None;
        }
        let (r, s) = signature.split_at_checked(length)?;
        let (r, s) = (order.parse(r)?, order.parse(s)?);
        if number::is_zero(&r) || number::is_zero(&s) {
            return None;
        }
        let e = number::from_octets(hash.get(..length).unwrap_or(hash));
        let inverse = order.inverse_times_radix(&s);
        Some(Self { r, u1: order.multiply(&e, &inverse), u2: order.multiply(&r, &inverse) })
    }
}
