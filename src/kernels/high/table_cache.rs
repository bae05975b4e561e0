//! Tables for the few keys that check most signatures. A table is built after some checks, all tables together are
//! bounded, and the least recently used is evicted first.

use alloc::sync::{Arc, Weak};
use alloc::vec::Vec;
use core::any::Any;
use core::fmt;
use core::marker::PhantomData;
use core::sync::atomic::{AtomicU32, Ordering::Relaxed};

use spin::Mutex;

/// What all tables together may take, in bytes. With all that comes with them the memory stays below 16 MB.
const MAX_BYTES: usize = 12 * 1024 * 1024;

/// What a key precomputes to check faster.
pub(crate) trait Precomputed: Send + Sync + 'static {
    /// The bytes it takes, at most.
    const BYTES: usize;
    /// After how many checks it is worth its price.
    const BUILD_AFTER: u32;

    /// The bytes that this one takes.
    fn bytes(&self) -> usize {
        Self::BYTES
    }
}

/// A key's table, if it is built.
pub(crate) struct TableCache<T>(Arc<Slot>, PhantomData<T>);

/// The same for tables of all kinds.
struct Slot {
    checks: AtomicU32,
    last_use: AtomicU32,
    table: Mutex<Option<AnyTable>>,
}

type AnyTable = Arc<dyn Any + Send + Sync>;

/// A table that is built, and where to evict it from.
struct Entry {
    bytes: usize,
    holder: Weak<Slot>,
}

/// Counts checks, to know which table was used longest ago. It may wrap: then an order is wrong once.
static CLOCK: AtomicU32 = AtomicU32::new(0);

static ENTRIES: Mutex<Vec<Entry>> = Mutex::new(Vec::new());

impl<T: Precomputed> TableCache<T> {
    pub(crate) fn new() -> Self {
        Self(Slot::new(), PhantomData)
    }

    /// The table for the next check: there, or to be built by now; `None` while the key has not shown that it will be
    /// used.
    pub(crate) fn table(&self, build: impl Fn() -> T) -> Option<Arc<T>> {
        let build = || {
            let table = build();
            (table.bytes(), Arc::new(table) as AnyTable)
        };
        self.0.table(T::BUILD_AFTER, &build)?.downcast().ok()
    }
}

impl Slot {
    #[inline(never)]
    fn new() -> Arc<Self> {
        Arc::new(Self { checks: AtomicU32::new(0), last_use: AtomicU32::new(0), table: Mutex::new(None) })
    }

    #[inline(never)]
    fn table(self: &Arc<Self>, build_after: u32, build: &dyn Fn() -> (usize, AnyTable)) -> Option<AnyTable> {
        self.last_use.store(CLOCK.fetch_add(1, Relaxed), Relaxed);
        if let Some(table) = &*self.table.lock() {
            return Some(Arc::clone(table));
        }
        if self.checks.fetch_add(1, Relaxed).saturating_add(1) < build_after {
            return None;
        }
        let (bytes, table) = build();
        *self.table.lock() = Some(Arc::clone(&table));
        Entry { bytes, holder: Arc::downgrade(self) }.insert();
        Some(table)
    }

    fn evict(&self) {
        *self.table.lock() = None;
        self.checks.store(0, Relaxed); // counts from the start
    }
}

impl Entry {
    /// Makes room, then counts this table among those that are built.
    fn insert(self) {
        let mut entries = ENTRIES.lock();
        let now = CLOCK.load(Relaxed);
        loop {
            let (mut total, mut oldest, mut oldest_age) = (self.bytes, 0, 0);
            for (index, entry) in entries.iter().enumerate() {
                total += entry.bytes;
                // A key that is gone goes first.
                let last_use = entry.holder.upgrade().map(|holder| holder.last_use.load(Relaxed));
                let age = last_use.map_or(u32::MAX, |last_use| now.wrapping_sub(last_use));
                if age >= oldest_age {
                    (oldest, oldest_age) = (index, age);
                }
            }
            if total <= MAX_BYTES || entries.is_empty() {
                break;
            }
            if let Some(holder) = entries.swap_remove(oldest).holder.upgrade() {
                holder.evict();
            }
        }
        entries.push(self);
    }
}

/// A copy of a key shares its table.
impl<T> Clone for TableCache<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0), PhantomData)
    }
}

impl<T> fmt::Debug for TableCache<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TableCache")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Large;
    impl Precomputed for Large {
        const BYTES: usize = MAX_BYTES / 4;
        const BUILD_AFTER: u32 = 3;
    }

    #[test]
    fn tables_are_built_after_use_and_the_oldest_is_evicted() {
        let uses = |cache: &TableCache<Large>, times| (0..times).filter(|_| cache.table(|| Large).is_some()).count();
        let keys: Vec<TableCache<Large>> = (0..5).map(|_| TableCache::new()).collect();
        for key in &keys[..4] {
            assert_eq!(uses(key, 5), 3);
        }
        assert_eq!(uses(&keys[0], 1), 1); // now keys[1] is the oldest
        assert_eq!(uses(&keys[4], 3), 1);
        assert!(keys[1].0.table.lock().is_none());
        assert_eq!(uses(&keys[1], 2), 0);
        for key in [0, 2, 3, 4] {
            assert!(keys[key].0.table.lock().is_some());
        }
        drop(keys);
        assert_eq!(uses(&TableCache::new(), 3), 1);
    }
}
