//! To whom a token was issued, and for what (RFC 6749 §1.4), for callers that hand it on.

use alloc::{string::String, vec::Vec};

use super::Policy;
use super::scope::granted;
use crate::claims::claim_set::Claims;
use crate::error::Error;

/// The client and the scope of a token, and until when it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Granted {
    /// The client, by the claim that names it in tokens of this policy; none where there is no such claim.
    pub client: Option<String>,
    /// The values of the scope.
    pub scopes: Vec<String>,
    /// In whole seconds since 1970; none where the policy lets tokens pass that do not expire.
    pub expires_at: Option<i64>,
}

impl Policy {
    /// What the claims of a token that this policy has passed grant, and to whom.
    ///
    /// # Errors
    /// The claim that has another type than it should.
    pub fn grant(&self, claims: &Claims<'_>) -> Result<Granted, Error> {
        let scopes = granted(claims)?.into_iter().filter(|scope| !scope.is_empty()).map(String::from).collect();
        let client = self.client(claims)?.map(String::from);
        Ok(Granted { client, scopes, expires_at: claims.timestamps().expiration_seconds() })
    }
}

#[cfg(test)]
mod tests {
    use alloc::{string::String, vec};

    use super::*;
    use crate::claims::policy::Accepted;
    use crate::claims::profile::Profile;
    use crate::rules::Trace;

    fn granted_by(policy: &Policy, claims: &str) -> Result<Granted, Error> {
        policy.grant(&Claims::parse(claims.as_bytes(), &mut Trace::off())?)
    }

    #[test]
    fn the_client_and_the_scope_by_the_claims_of_the_policy() {
        let mut policy = Policy::new(Profile::AccessToken, Accepted::Any, Accepted::Any);
        let grant = |client: Option<&str>, scopes: &[&str]| {
            let scopes = scopes.iter().copied().map(String::from).collect();
            Ok(Granted { client: client.map(String::from), scopes, expires_at: None })
        };
        assert_eq!(granted_by(&policy, r#"{"client_id":"c","scope":"a  b"}"#), grant(Some("c"), &["a", "b"]));
        assert_eq!(granted_by(&policy, r#"{"azp":"c","scp":["a","b"]}"#), grant(None, &["a", "b"]));
        assert_eq!(granted_by(&policy, r#"{"scope":"a","scp":"b"}"#), grant(None, &["a"]));
        assert_eq!(granted_by(&policy, "{}"), grant(None, &[]));
        policy.client_claims = vec![String::from("cid"), String::from("azp")];
        assert_eq!(granted_by(&policy, r#"{"azp":"c","client_id":"d"}"#), grant(Some("c"), &[]));
        let until = granted_by(&policy, r#"{"exp":1800000300.5}"#).unwrap().expires_at;
        assert_eq!(until, Some(1_800_000_300), "not a moment later");
        assert!(granted_by(&policy, r#"{"azp":1}"#).is_err());
        assert!(granted_by(&policy, r#"{"scope":{}}"#).is_err());
    }
}
