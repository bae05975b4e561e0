//! Tabs, a server and everything that may happen between them, in random orders; the fuzz target `sessions` goes on where
//! this stops.

use countersign::login::Storage;

use crate::session_model::World;

/// SplitMix64: the same orders each time.
fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[test]
fn whatever_the_order_of_events() {
    for storage in [Storage::Memory, Storage::Tab, Storage::Shared] {
        for seed in 0..3_000_u64 {
            let mut state = seed;
            let mut world = World::new(storage);
            let fortune = random(&mut state).is_multiple_of(2);
            for _ in 0..120 {
                let [kind, one, two, ..] = random(&mut state).to_le_bytes();
                // In half of the stories nothing fails.
                world.step([kind, one, if fortune { two | 0x40 } else { two }]);
            }
            world.rest();
        }
    }
}
