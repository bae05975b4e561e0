//! Big numbers where arithmetic goes wrong: near 0, near a modulus, at the edges of limbs.

use arbitrary::Arbitrary;

#[derive(Arbitrary, Clone, Debug)]
pub enum Number<'a> {
    Small(u8),
    /// The modulus, less or more a little.
    Below(u8),
    Above(u16),
    /// 2ⁿ, less a little.
    Power(u16, u8),
    /// Limbs of so many bits that are all ones, or all zeros.
    Limbs(u8, u32),
    Octets(&'a [u8]),
}

impl Number<'_> {
    /// Writes the number, cut to the room that there is, as big-endian octets.
    pub fn fill(&self, modulus: &[u8], to: &mut [u8]) {
        to.fill(0);
        match *self {
            Self::Small(number) => add(to, u64::from(number)),
            Self::Below(number) => {
                copy(to, modulus);
                subtract(to, u64::from(number));
            }
            Self::Above(number) => {
                copy(to, modulus);
                add(to, u64::from(number));
            }
            Self::Power(power, less) => {
                let bit = usize::from(power) % (to.len() * 8);
                set(to, bit);
                subtract(to, u64::from(less));
            }
            Self::Limbs(size, mask) => {
                let size = [26, 28, 29, 30, 32, 51][usize::from(size) % 6];
                (0..to.len() * 8).filter(|bit| mask >> (bit / size % 32) & 1 == 1).for_each(|bit| set(to, bit));
            }
            Self::Octets(octets) => copy(to, &octets[..octets.len().min(to.len())]),
        }
    }
}

fn set(to: &mut [u8], bit: usize) {
    let at = to.len() - 1 - bit / 8;
    to[at] |= 1 << (bit % 8);
}

fn copy(to: &mut [u8], octets: &[u8]) {
    let at = to.len() - octets.len();
    to[at..].copy_from_slice(octets);
}

/// Adds; what has no room is lost.
pub fn add(to: &mut [u8], number: u64) {
    let mut carry = u128::from(number);
    for octet in to.iter_mut().rev() {
        carry += u128::from(*octet);
        *octet = carry as u8;
        carry >>= 8;
    }
}

/// Subtracts, modulo the room that there is.
pub fn subtract(to: &mut [u8], number: u64) {
    let mut borrow = i128::from(number);
    for octet in to.iter_mut().rev() {
        let left = i128::from(*octet) - borrow;
        *octet = left as u8;
        borrow = -(left >> 8);
    }
}
