//! Tokens of one issuer share their header octet for octet: each distinct one is read once.

use alloc::{sync::Arc, vec::Vec};

use spin::Mutex;

use crate::jose::header::Header;

/// An issuer has one header for each of its keys; few keys are in use at a time.
const MOST: usize = 8;

/// Longer headers are read each time, in octets.
const LONGEST: usize = 512;

/// The headers of tokens whose signatures held: what nobody vouches for drives none of them out.
#[derive(Debug, Default)]
pub(crate) struct HeaderCache(Mutex<Ring>);

#[derive(Debug, Default)]
struct Ring {
    known: [Option<Known>; MOST],
    /// How many were kept so far.
    kept: usize,
}

#[derive(Debug)]
struct Known {
    octets: Vec<u8>,
    header: Arc<Header>,
}

impl HeaderCache {
    /// What these octets were read as before.
    pub(crate) fn find(&self, octets: &[u8]) -> Option<Arc<Header>> {
        // Reading a header again takes less time than waiting for another thread.
        self.0.try_lock()?.find(octets).map(Arc::clone)
    }

    /// Knows a header from now on, in place of the one that it has known longest.
    pub(crate) fn keep(&self, octets: &[u8], header: &Arc<Header>) {
        let Some(mut ring) = self.0.try_lock() else { return };
        if octets.len() > LONGEST || ring.find(octets).is_some() {
            return;
        }
        let at = ring.kept % MOST;
        ring.known[at] = Some(Known { octets: octets.to_vec(), header: Arc::clone(header) });
        ring.kept += 1;
    }
}

impl Ring {
    fn find(&self, octets: &[u8]) -> Option<&Arc<Header>> {
        self.known.iter().flatten().find(|known| known.octets == octets).map(|known| &known.header)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jose::json;
    use alloc::format;

    fn header(alg: &str) -> (Vec<u8>, Arc<Header>) {
        let octets = format!(r#"{{"alg":"{alg}"}}"#).into_bytes();
        let header = Header::from_value(&json::parse(&octets).unwrap()).unwrap();
        (octets, Arc::new(header))
    }

    #[test]
    fn known_by_every_octet_and_bounded() {
        let known = HeaderCache::default();
        for i in 0..20 {
            let (octets, header) = header(&format!("A{i}"));
            assert!(known.find(&octets).is_none());
            known.keep(&octets, &header);
            known.keep(&octets, &header);
            assert!(Arc::ptr_eq(&known.find(&octets).unwrap(), &header));
            assert!(known.find(&octets[1..]).is_none());
        }
        let found = |i| known.find(&header(&format!("A{i}")).0).map(|header| header.alg().len());
        assert_eq!((found(11), found(12), found(19)), (None, Some(3), Some(3)));

        let (octets, long) = header(&"a".repeat(LONGEST));
        known.keep(&octets, &long);
        assert!(known.find(&octets).is_none());
    }
}
