//! The local variables of a function by how long ago they were used: what code does with a variable it often does with
//! the one that it used last, whichever that is.

/// More than any function of this package has.
const MOST: usize = 512;

/// Local variables, the one that was used last in front.
pub(crate) struct Recent([u16; MOST]);

impl Recent {
    /// None has been used: they are in their order.
    pub(crate) fn new() -> Self {
        let mut local = 0;
        Self([(); MOST].map(|()| {
            local += 1;
            local - 1
        }))
    }

    /// The variable at a place, which moves to the front.
    pub(crate) fn bring(&mut self, place: usize) -> usize {
        let local = self.0[place % MOST];
        for at in (0..place % MOST).rev() {
            self.0[at + 1] = self.0[at];
        }
        self.0[0] = local;
        usize::from(local)
    }

    /// The place of a variable, which moves to the front. `None` where a function has too many.
    #[cfg(not(target_family = "wasm"))]
    pub(crate) fn place(&mut self, local: usize) -> Option<usize> {
        let place = self.0.iter().position(|&other| usize::from(other) == local)?;
        self.bring(place);
        Some(place)
    }
}
