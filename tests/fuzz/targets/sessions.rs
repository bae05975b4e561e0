//! The lives of sessions: tabs renew, reload, are copied, log in and out, answers are lost. Whatever the order, what
//! `session_model` asserts holds. Input: the storage, then three octets a step.
#![no_main]

use countersign::login::Storage;
use countersign_fuzz::session_model::World;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((&storage, steps)) = data.split_first() else { return };
    let mut world = World::new([Storage::Memory, Storage::Tab, Storage::Shared][usize::from(storage) % 3]);
    for octets in steps.chunks_exact(3).take(400) {
        world.step([octets[0], octets[1], octets[2]]);
    }
    world.rest();
});
