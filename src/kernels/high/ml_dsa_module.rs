//! ML-DSA (FIPS 204, RFC 9964 §4) by `ml-dsa.wasm`, a module of its own: its code is large, and few need it.

use alloc::vec::Vec;

/// What pkg-template/src/core/kernels.ts links to the core. Each address and length is of bytes in the core's memory,
/// which are only read.
#[allow(unsafe_code)] // All of them take any value.
mod import {
    #[link(wasm_import_module = "ml-dsa")]
    unsafe extern "C" {
        pub(super) safe fn is_linked() -> bool;
        pub(super) safe fn is_key(parameter_set: u32, key: usize, key_len: usize) -> bool;
        pub(super) safe fn verify(
            parameter_set: u32,
            key: usize,
            key_len: usize,
            message: usize,
            message_len: usize,
            signature: usize,
            signature_len: usize,
        ) -> bool;
    }
}

/// Whether somebody has linked the module.
pub(crate) fn is_linked() -> bool {
    import::is_linked()
}

/// A public key of one parameter set.
#[derive(Clone, Debug)]
pub(crate) struct MlDsaKey {
    /// 44, 65 or 87.
    parameter_set: u32,
    bytes: Vec<u8>,
}

impl MlDsaKey {
    /// The key of its encoding (FIPS 204 §7.2). `None` if the length is wrong.
    pub(crate) fn from_bytes(parameter_set: u32, bytes: &[u8]) -> Option<Self> {
        let is_key = import::is_key(parameter_set, bytes.as_ptr() as usize, bytes.len());
        is_key.then(|| Self { parameter_set, bytes: bytes.to_vec() })
    }

    pub(crate) fn verifies(&self, parameter_set: u32, message: &[u8], signature: &[u8]) -> bool {
        let address = |bytes: &[u8]| (bytes.as_ptr() as usize, bytes.len());
        let ((key, key_len), (message, message_len)) = (address(&self.bytes), address(message));
        let (signature, signature_len) = address(signature);
        self.parameter_set == parameter_set
            && import::verify(parameter_set, key, key_len, message, message_len, signature, signature_len)
    }
}
