//! The logout request (OpenID Connect RP-Initiated Logout §2).

use alloc::{string::String, vec, vec::Vec};

use crate::oauth::form::with_query;

/// The parameters with which a client signs its user out at the authorization server.
#[derive(Clone, Copy, Debug)]
pub struct LogoutRequest<'r> {
    /// The client's identifier.
    pub client_id: &'r str,
    /// The ID token of the session: without it the server asks the user.
    pub id_token_hint: Option<&'r str>,
    /// Where the user goes afterwards, exactly as registered.
    pub post_logout_redirect_uri: Option<&'r str>,
    /// Further parameters, for example the `logout_uri` of Amazon Cognito; none of them takes the place of one above.
    pub extra: &'r [(&'r str, &'r str)],
}

/// The parameters that the request has for itself, set or not.
const OWN: [&str; 3] = ["client_id", "id_token_hint", "post_logout_redirect_uri"];

impl LogoutRequest<'_> {
    /// Where the browser goes to, of the server's `end_session_endpoint`.
    pub fn url(&self, end_session_endpoint: &str) -> String {
        let mut parameters: Vec<(&str, &str)> = vec![("client_id", self.client_id)];
        parameters.extend(self.id_token_hint.map(|hint| ("id_token_hint", hint)));
        parameters.extend(self.post_logout_redirect_uri.map(|uri| ("post_logout_redirect_uri", uri)));
        parameters.extend(self.extra.iter().filter(|(name, _)| !OWN.contains(name)));
        with_query(end_session_endpoint, &parameters)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls() {
        let bare = LogoutRequest { client_id: "shop", id_token_hint: None, post_logout_redirect_uri: None, extra: &[] };
        assert_eq!(bare.url("https://as.example/out"), "https://as.example/out?client_id=shop");
        let full = LogoutRequest {
            id_token_hint: Some("a.b.c"),
            post_logout_redirect_uri: Some("https://shop.example/?x=1"),
            ..bare
        };
        assert_eq!(
            full.url("https://as.example/out?p=1"),
            "https://as.example/out?p=1&client_id=shop&id_token_hint=a.b.c\
             &post_logout_redirect_uri=https%3A%2F%2Fshop.example%2F%3Fx%3D1"
        );
        let evil = [
            ("client_id", "evil"),
            ("id_token_hint", "x"),
            ("post_logout_redirect_uri", "https://evil.example"),
            ("logout_uri", "https://shop.example/bye"),
        ];
        assert_eq!(
            LogoutRequest { extra: &evil, ..bare }.url("https://as.example/out"),
            "https://as.example/out?client_id=shop&logout_uri=https%3A%2F%2Fshop.example%2Fbye"
        );
    }
}
