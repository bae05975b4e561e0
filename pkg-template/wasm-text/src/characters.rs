//! Octets as characters: the printable ASCII ones that need no escape inside a string or a script element. The more
//! frequent octets are a character each, the others two.

/// The characters: from the space to the tilde, without these three.
const EXCLUDED: [u8; 3] = *b"\"<\\";
const FIRST: u8 = b' ';
const COUNT: usize = (b'~' - FIRST) as usize + 1 - EXCLUDED.len();

/// How many octets are a character each. What stands for another one begins with one of the characters behind them.
pub(crate) const FREQUENT: usize = COUNT - 2;

/// The place of a character among those that are used.
pub(crate) fn rank(character: u8) -> usize {
    let [a, b, c] = EXCLUDED.map(|excluded| usize::from(excluded < character));
    usize::from(character) - usize::from(FIRST) - a - b - c
}

/// The rank of an octet of two characters.
pub(crate) fn joined(first: usize, second: usize) -> usize {
    FREQUENT + (first - FREQUENT) * COUNT + second
}

/// All octets by their ranks: the frequent ones, then the others, both in their order.
pub(crate) fn octets(is_frequent: impl Fn(u8) -> bool) -> [u8; 256] {
    let mut octets = [0; 256];
    let mut rank = 0;
    for wanted in [true, false] {
        for octet in 0..=255_u8 {
            if is_frequent(octet) == wanted {
                octets[rank % 256] = octet;
                rank += 1;
            }
        }
    }
    octets
}

/// The character or the two characters of a rank.
#[cfg(not(target_family = "wasm"))]
pub(crate) fn characters(rank: usize) -> Vec<u8> {
    let characters: Vec<u8> = (FIRST..=b'~').filter(|character| !EXCLUDED.contains(character)).collect();
    match rank.checked_sub(FREQUENT) {
        None => vec![characters[rank]],
        Some(beyond) => vec![characters[FREQUENT + beyond / COUNT], characters[beyond % COUNT]],
    }
}
