//! Tokens of one issuer and key share their header byte for byte: each distinct header is parsed once.

use alloc::{sync::Arc, vec::Vec};

use spin::Mutex;

use crate::jose::header::Header;

/// An issuer has one header for each of its keys; few keys are in use at a time.
const MAX_HEADERS: usize = 8;

/// Longer headers are parsed each time, in bytes.
const MAX_HEADER_LEN: usize = 512;

/// The headers of tokens with a valid signature: a forged token evicts none of them.
#[derive(Debug, Default)]
pub(crate) struct HeaderCache(Mutex<Ring>);

#[derive(Debug, Default)]
struct Ring {
    known: [Option<Known>; MAX_HEADERS],
    /// How many headers were added so far.
    added: usize,
}

#[derive(Debug)]
struct Known {
    bytes: Vec<u8>,
    header: Arc<Header>,
}

impl HeaderCache {
    /// The header that these bytes were parsed as before.
    pub(crate) fn find(&self, bytes: &[u8]) -> Option<Arc<Header>> {
        // Reading a header again takes less time than waiting for another thread.
        self.0.try_lock()?.find(bytes).map(Arc::clone)
    }

    /// Adds a header, in place of the oldest one when the cache is full.
    pub(crate) fn keep(&self, bytes: &[u8], header: &Arc<Header>) {
        let Some(mut ring) = self.0.try_lock() else { return };
        if bytes.len() > MAX_HEADER_LEN || ring.find(bytes).is_some() {
            return;
        }
        let at = ring.added % MAX_HEADERS;
        ring.known[at] = Some(Known { bytes: bytes.to_vec(), header: Arc::clone(header) });
        ring.added += 1;
    }
}

impl Ring {
    fn find(&self, bytes: &[u8]) -> Option<&Arc<Header>> {
        self.known.iter().flatten().find(|known| known.bytes == bytes).map(|known| &known.header)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jose::json;
    use alloc::format;

    fn header(alg: &str) -> (Vec<u8>, Arc<Header>) {
        let bytes = format!(r#"{{"alg":"{alg}"}}"#).into_bytes();
        let header = Header::from_value(&json::parse(&bytes).unwrap()).unwrap();
        (bytes, Arc::new(header))
    }

    #[test]
    fn compared_by_every_byte_and_bounded() {
        let known = HeaderCache::default();
        for i in 0..20 {
            let (bytes, header) = header(&format!("A{i}"));
            assert!(known.find(&bytes).is_none());
            known.keep(&bytes, &header);
            known.keep(&bytes, &header);
            assert!(Arc::ptr_eq(&known.find(&bytes).unwrap(), &header));
            assert!(known.find(&bytes[1..]).is_none());
        }
        let found = |i| known.find(&header(&format!("A{i}")).0).map(|header| header.alg().len());
        assert_eq!((found(11), found(12), found(19)), (None, Some(3), Some(3)));

        let (bytes, long) = header(&"a".repeat(MAX_HEADER_LEN));
        known.keep(&bytes, &long);
        assert!(known.find(&bytes).is_none());
    }
}
