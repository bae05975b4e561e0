//! Big-endian numbers of a fixed length.

/// a + b, modulo the room that there is.
pub fn sum(a: &[u8], b: &[u8]) -> Vec<u8> {
    combined(a, b, 1)
}

/// a − b, modulo the room that there is.
pub fn difference(a: &[u8], b: &[u8]) -> Vec<u8> {
    combined(a, b, -1)
}

fn combined(a: &[u8], b: &[u8], sign: i32) -> Vec<u8> {
    assert_eq!(a.len(), b.len());
    let mut result = vec![0; a.len()];
    let mut carry = 0;
    for index in (0..a.len()).rev() {
        let sum = i32::from(a[index]) + sign * i32::from(b[index]) + carry;
        (result[index], carry) = (sum as u8, sum >> 8);
    }
    result
}

/// A small number.
pub fn small(number: u8, length: usize) -> Vec<u8> {
    let mut octets = vec![0; length];
    octets[length - 1] = number;
    octets
}
