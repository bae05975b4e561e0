//! What the standard library would bring: memory, and an end. Without it the download is smaller by its
//! formatting of panics, which nobody could read here; a panic is a trap, and JavaScript sees that.

#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

#[panic_handler]
fn trap(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
