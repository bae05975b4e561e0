//! The members of a resource's metadata (RFC 9728 §2) that follow from no other setting.

use alloc::{string::String, vec::Vec};

use crate::invalid_option::InvalidOption;
use crate::oauth::url;

/// What a resource says about itself besides what follows from its other settings; by default nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MetadataMembers {
    /// Its name, for users.
    pub resource_name: Option<String>,
    /// A page for developers.
    pub resource_documentation: Option<String>,
    /// A page about how clients may use its data.
    pub resource_policy_uri: Option<String>,
    /// A page with its terms of service.
    pub resource_tos_uri: Option<String>,
    /// The keys by which it signs or decrypts, at an https URL.
    pub jwks_uri: Option<String>,
    /// The members in a JWT that somebody has signed. It is passed on as it is.
    pub signed_metadata: Option<String>,
    /// Scopes besides those that its policy needs.
    pub scopes_supported: Vec<String>,
    /// How tokens may be sent: `header`, `body`, `query`; by default by header alone.
    pub bearer_methods_supported: Vec<String>,
    /// The algorithms of answers that it signs.
    pub resource_signing_alg_values_supported: Vec<String>,
    /// The types of authorization details that it understands (RFC 9396).
    pub authorization_details_types_supported: Vec<String>,
}

impl MetadataMembers {
    /// The members that are texts, by name.
    pub(super) fn texts(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let texts = [
            ("resource_name", &self.resource_name),
            ("resource_documentation", &self.resource_documentation),
            ("resource_policy_uri", &self.resource_policy_uri),
            ("resource_tos_uri", &self.resource_tos_uri),
            ("jwks_uri", &self.jwks_uri),
            ("signed_metadata", &self.signed_metadata),
        ];
        texts.into_iter().filter_map(|(name, text)| Some((name, text.as_deref()?)))
    }

    /// The members that are lists, by name, but for the scopes, which have others beside them.
    pub(super) const fn lists(&self) -> [(&'static str, &Vec<String>); 3] {
        [
            ("bearer_methods_supported", &self.bearer_methods_supported),
            ("resource_signing_alg_values_supported", &self.resource_signing_alg_values_supported),
            ("authorization_details_types_supported", &self.authorization_details_types_supported),
        ]
    }

    /// Whether each member is what RFC 9728 §2 says.
    pub(crate) fn check(&self) -> Result<(), InvalidOption> {
        let wrong = |name, expected| Err(InvalidOption::new(name, expected));
        for (name, text) in self.texts() {
            match name {
                "jwks_uri" if !url::is_secure(text) => return wrong(name, "expected an https URL"),
                "resource_documentation" | "resource_policy_uri" | "resource_tos_uri" if url::parts(text).is_none() => {
                    return wrong(name, "expected the URL of a page");
                }
                "signed_metadata" if text.split('.').count() != 3 => return wrong(name, "expected a JWT"),
                _ if text.is_empty() => return wrong(name, "expected a text that is not empty"),
                _ => {}
            }
        }
        let is_method = |method: &String| ["header", "body", "query"].contains(&method.as_str());
        if !self.bearer_methods_supported.iter().all(is_method) {
            return wrong("bearer_methods_supported", "expected header, body or query");
        }
        // RFC 9728 §2: "The value none MUST NOT be used."
        if self.resource_signing_alg_values_supported.iter().any(|name| name == "none") {
            return wrong("resource_signing_alg_values_supported", "expected no none among them");
        }
        Ok(())
    }
}
