//! Keys that an issuer's answer did not have: whoever names them again is not worth another request.

use alloc::vec::Vec;

use super::moment::Moment;
use crate::kernels::low::hash::Hash;

/// How many are remembered: the oldest make room.
pub(super) const MAX_ABSENT: usize = 32;

/// The digests of identifiers that were looked for in vain, and when. By digest, since whoever forges tokens chooses
/// the identifiers and their length.
#[derive(Clone, Debug, Default)]
pub(super) struct Absent(Vec<([u8; 32], Moment)>);

impl Absent {
    /// Whether an identifier was found absent within the last seconds.
    pub(super) fn has(&self, kid: Option<&str>, now: Moment, seconds: f64) -> bool {
        if self.0.is_empty() {
            return false;
        }
        let digest = digest(kid);
        self.0.iter().any(|(known, at)| *known == digest && now.since(*at) < seconds)
    }

    pub(super) fn add(&mut self, kid: Option<&str>, now: Moment) {
        let digest = digest(kid);
        self.0.retain(|(known, _)| *known != digest);
        if self.0.len() == MAX_ABSENT {
            self.0.remove(0);
        }
        self.0.push((digest, now));
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

fn digest(kid: Option<&str>) -> [u8; 32] {
    let mut digest = [0; 32];
    // A token without an identifier is not one with an empty identifier.
    digest.copy_from_slice(&Hash::Sha256.digest(&[&[u8::from(kid.is_some())], kid.unwrap_or_default().as_bytes()]));
    digest
}
