//! Tables for the few keys that check most signatures. A table is earned by use, all tables together are
//! bounded, and the one that was used longest ago is given up first.

use alloc::sync::{Arc, Weak};
use alloc::vec::Vec;
use core::any::Any;
use core::fmt;
use core::marker::PhantomData;
use core::sync::atomic::{AtomicU32, Ordering::Relaxed};

use spin::Mutex;

/// What all tables together may take, in octets. With all that comes with them the memory stays below 16 MB.
const MOST_OCTETS: usize = 12 * 1024 * 1024;

/// What a key precomputes to check faster.
pub(crate) trait Precomputed: Send + Sync + 'static {
    /// The octets it takes, at most.
    const OCTETS: usize;
    /// After how many checks it is worth its price.
    const EARNED_BY: u32;

    /// The octets that this one takes.
    fn octets(&self) -> usize {
        Self::OCTETS
    }
}

/// The place for a key's table.
pub(crate) struct Hot<T>(Arc<Place>, PhantomData<T>);

/// The same for tables of all kinds.
struct Place {
    checks: AtomicU32,
    last_use: AtomicU32,
    table: Mutex<Option<AnyTable>>,
}

type AnyTable = Arc<dyn Any + Send + Sync>;

/// A table that is there, and whom to ask to give it up.
struct Seat {
    octets: usize,
    holder: Weak<Place>,
}

/// Counts checks, to know which table was used longest ago. It may wrap: then an order is wrong once.
static CLOCK: AtomicU32 = AtomicU32::new(0);

static SEATS: Mutex<Vec<Seat>> = Mutex::new(Vec::new());

impl<T: Precomputed> Hot<T> {
    pub(crate) fn new() -> Self {
        Self(Place::new(), PhantomData)
    }

    /// The table for the next check: there, or earned by now; `None` while the key has not shown that it
    /// will be used.
    pub(crate) fn table(&self, build: impl Fn() -> T) -> Option<Arc<T>> {
        let build = || {
            let table = build();
            (table.octets(), Arc::new(table) as AnyTable)
        };
        self.0.table(T::EARNED_BY, &build)?.downcast().ok()
    }
}

impl Place {
    #[inline(never)]
    fn new() -> Arc<Self> {
        Arc::new(Self { checks: AtomicU32::new(0), last_use: AtomicU32::new(0), table: Mutex::new(None) })
    }

    #[inline(never)]
    fn table(self: &Arc<Self>, earned_by: u32, build: &dyn Fn() -> (usize, AnyTable)) -> Option<AnyTable> {
        self.last_use.store(CLOCK.fetch_add(1, Relaxed), Relaxed);
        if let Some(table) = &*self.table.lock() {
            return Some(Arc::clone(table));
        }
        if self.checks.fetch_add(1, Relaxed).saturating_add(1) < earned_by {
            return None;
        }
        let (octets, table) = build();
        *self.table.lock() = Some(Arc::clone(&table));
        Seat { octets, holder: Arc::downgrade(self) }.take();
        Some(table)
    }

    fn give_up(&self) {
        *self.table.lock() = None;
        self.checks.store(0, Relaxed); // to be earned anew
    }
}

impl Seat {
    /// Makes room, then counts this table among those that are there.
    fn take(self) {
        let mut seats = SEATS.lock();
        let now = CLOCK.load(Relaxed);
        loop {
            let (mut taken, mut oldest, mut most) = (self.octets, 0, 0);
            for (index, seat) in seats.iter().enumerate() {
                taken += seat.octets;
                // A key that is gone goes first.
                let last_use = seat.holder.upgrade().map(|holder| holder.last_use.load(Relaxed));
                let age = last_use.map_or(u32::MAX, |last_use| now.wrapping_sub(last_use));
                if age >= most {
                    (oldest, most) = (index, age);
                }
            }
            if taken <= MOST_OCTETS || seats.is_empty() {
                break;
            }
            if let Some(holder) = seats.swap_remove(oldest).holder.upgrade() {
                holder.give_up();
            }
        }
        seats.push(self);
    }
}

/// A copy of a key shares its table.
impl<T> Clone for Hot<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0), PhantomData)
    }
}

impl<T> fmt::Debug for Hot<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hot")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Large;
    impl Precomputed for Large {
        const OCTETS: usize = MOST_OCTETS / 4;
        const EARNED_BY: u32 = 3;
    }

    #[test]
    fn tables_are_earned_and_the_oldest_is_given_up() {
        let uses = |hot: &Hot<Large>, times| (0..times).filter(|_| hot.table(|| Large).is_some()).count();
        let keys: Vec<Hot<Large>> = (0..5).map(|_| Hot::new()).collect();
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
        assert_eq!(uses(&Hot::new(), 3), 1);
    }
}
