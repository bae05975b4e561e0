//! Unsigned numbers in LEB128, as short as they can be (WebAssembly Core Specification §5.2.2).

/// The number whose octets these are.
pub(crate) fn read(mut next: impl FnMut() -> u8) -> usize {
    let (mut number, mut bits) = (0, 0);
    loop {
        let octet = next();
        // A signed number of 64 bits comes here as well. Nobody reads its value.
        number |= usize::from(octet & 127).wrapping_shl(bits);
        bits += 7;
        if octet < 128 {
            return number;
        }
    }
}

/// The octets of a number.
pub(crate) fn write(mut number: usize, mut put: impl FnMut(u8)) {
    while number > 127 {
        put(number as u8 | 128);
        number >>= 7;
    }
    put(number as u8);
}
