//! The kinds of token, as data over the rules of `policy`.

/// What a token is used as. One kind is never taken for another (RFC 8725 §3.11, §3.12).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Profile {
    /// Any JSON Web Token (RFC 7519).
    #[default]
    Jwt,
    /// An OAuth access token (RFC 9068).
    AccessToken,
    /// An OpenID Connect ID token (OpenID Connect Core §2).
    IdToken,
    /// A logout token (OpenID Connect Back-Channel Logout 1.0 §2.4).
    LogoutToken,
}

/// What a profile adds to the rules.
pub(crate) struct ProfileFacts {
    pub(crate) profile: Profile,
    pub(crate) name: &'static str,
    /// The accepted types, without `application/`; empty accepts any.
    pub(crate) types: &'static [&'static str],
    /// Whether a token without `typ` is refused.
    pub(crate) type_required: bool,
    pub(crate) required: &'static [&'static str],
    /// The claim that names the client the token was issued to.
    pub(crate) client: &'static str,
    pub(crate) forbidden: &'static [&'static str],
    /// Claims that are strings where they are present.
    pub(crate) texts: &'static [&'static str],
    pub(crate) spec: &'static str,
}

/// The event that makes a token a logout token.
pub(crate) const LOGOUT_EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

static TABLE: [ProfileFacts; 4] = [
    ProfileFacts {
        profile: Profile::Jwt,
        name: "jwt",
        types: &[],
        type_required: false,
        required: &[],
        client: "azp",
        forbidden: &[],
        texts: &[],
        spec: "RFC 7519 §7.2",
    },
    ProfileFacts {
        profile: Profile::AccessToken,
        name: "access-token",
        types: &["at+jwt"],
        type_required: true,
        required: &["iss", "exp", "aud", "sub", "client_id", "iat", "jti"],
        // RFC 9068 §2.2
        client: "client_id",
        forbidden: &[],
        texts: &["client_id", "scope", "acr"],
        spec: "RFC 9068 §4",
    },
    ProfileFacts {
        profile: Profile::IdToken,
        name: "id-token",
        types: &["JWT"],
        type_required: false,
        required: &["iss", "sub", "aud", "exp", "iat"],
        client: "azp",
        forbidden: &[],
        texts: &["nonce", "azp", "at_hash", "c_hash", "acr"],
        spec: "OpenID Connect Core §3.1.3.7",
    },
    ProfileFacts {
        profile: Profile::LogoutToken,
        name: "logout-token",
        types: &["logout+jwt", "JWT"],
        type_required: false,
        required: &["iss", "aud", "iat", "exp", "jti", "events"],
        client: "azp",
        forbidden: &["nonce"],
        texts: &["sid"],
        spec: "OpenID Connect Back-Channel Logout §2.6",
    },
];

impl Profile {
    /// The profile of an option's value: `jwt`, `access-token`, `id-token` or `logout-token`.
    pub fn from_name(name: &str) -> Option<Self> {
        TABLE.iter().find(|facts| facts.name == name).map(|facts| facts.profile)
    }

    /// The profile as options spell it.
    pub fn name(self) -> &'static str {
        self.facts().name
    }

    pub(crate) fn facts(self) -> &'static ProfileFacts {
        &TABLE[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_enum() {
        for (row, facts) in TABLE.iter().enumerate() {
            assert_eq!(facts.profile as usize, row);
            assert_eq!(Profile::from_name(facts.name), Some(facts.profile));
        }
    }
}
