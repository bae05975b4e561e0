//! The authorization request (RFC 6749 §4.1.1, RFC 7636 §4.3, RFC 8707 §2, RFC 9126 §4, OpenID Connect Core §3.1.2.1).

use alloc::{format, vec::Vec};

use crate::invalid_option::InvalidOption;
use crate::oauth::scope;

/// What a client asks for. The response type is `code`, the code challenge method S256.
#[derive(Clone, Copy, Debug, Default)]
pub struct AuthorizationRequest<'r> {
    /// The client's identifier.
    pub client_id: &'r str,
    /// Where the answer goes.
    pub redirect_uri: &'r str,
    /// The scope.
    pub scope: &'r str,
    /// The resources that the token is for (RFC 8707 §2).
    pub resources: &'r [&'r str],
    /// What the answer has to repeat (RFC 6749 §10.12).
    pub state: &'r str,
    /// What the ID token has to repeat; sent with the scope openid alone (OpenID Connect Core §3.1.2.1).
    pub nonce: &'r str,
    /// The S256 code challenge (RFC 7636 §4.2).
    pub code_challenge: &'r str,
    /// Whether and how the user is asked.
    pub prompt: Option<&'r str>,
    /// Who the user probably is.
    pub login_hint: Option<&'r str>,
    /// The ID token of the session that a request without interaction asks about (OpenID Connect Core §3.1.2.1).
    pub id_token_hint: Option<&'r str>,
    /// The thumbprint of the key that the code will be bound to (RFC 9449 §10).
    pub dpop_jkt: Option<&'r str>,
    /// Further parameters; none of them takes the place of one above.
    pub extra: &'r [(&'r str, &'r str)],
}

/// Parameters that replace others: a request object overrides the query (RFC 9101 §5).
const REQUEST_OBJECTS: [&str; 2] = ["request", "request_uri"];

impl<'r> AuthorizationRequest<'r> {
    /// The parameters, in order.
    ///
    /// # Errors
    /// The further parameter that would override another.
    pub fn parameters(&self) -> Result<Vec<(&'r str, &'r str)>, InvalidOption> {
        let mut parameters = alloc::vec![
            ("response_type", "code"),
            ("client_id", self.client_id),
            ("redirect_uri", self.redirect_uri),
            ("scope", self.scope),
            ("state", self.state),
            ("code_challenge", self.code_challenge),
            ("code_challenge_method", "S256"),
        ];
        if scope::has(self.scope, "openid") {
            parameters.push(("nonce", self.nonce));
        }
        parameters.extend(self.resources.iter().map(|&resource| ("resource", resource)));
        parameters.extend(self.prompt.map(|prompt| ("prompt", prompt)));
        parameters.extend(self.login_hint.map(|hint| ("login_hint", hint)));
        parameters.extend(self.id_token_hint.map(|hint| ("id_token_hint", hint)));
        parameters.extend(self.dpop_jkt.map(|thumbprint| ("dpop_jkt", thumbprint)));
        for &(name, value) in self.extra {
            self.check_extra(name, &parameters)?;
            parameters.push((name, value));
        }
        Ok(parameters)
    }

    /// Whether the request sets a parameter without those of `extra`: what must not be overridden.
    pub fn sets(&self, name: &str) -> bool {
        let own = Self { extra: &[], ..*self };
        let set = own.parameters().is_ok_and(|parameters| parameters.iter().any(|(other, _)| *other == name));
        set || ["nonce", "resource", "dpop_jkt"].contains(&name)
    }

    fn check_extra(&self, name: &str, parameters: &[(&str, &str)]) -> Result<(), InvalidOption> {
        let path = || format!("extra.{name}");
        // RFC 6749 §3.1: "parameters MUST NOT be included more than once".
        let taken = self.sets(name) || parameters.iter().any(|(other, _)| *other == name);
        if taken {
            return Err(InvalidOption::new(&path(), "the login sets this parameter itself"));
        }
        if REQUEST_OBJECTS.contains(&name) {
            return Err(InvalidOption::new(&path(), "a request object would override the parameters of the login"));
        }
        if name.is_empty() {
            return Err(InvalidOption::new("extra", "expected a name for each parameter"));
        }
        Ok(())
    }
}

/// The parameters of a request that was pushed: the server has stored the others (RFC 9126 §4).
pub fn pushed_parameters<'r>(client_id: &'r str, request_uri: &'r str) -> [(&'static str, &'r str); 2] {
    [("client_id", client_id), ("request_uri", request_uri)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oauth::form::{form, with_query};
    use alloc::string::ToString;

    const REQUEST: AuthorizationRequest<'_> = AuthorizationRequest {
        client_id: "s6BhdRkqt3",
        redirect_uri: "https://client.example.org/cb",
        scope: "openid profile",
        resources: &["https://cal.example.com/", "https://contacts.example.com/"],
        state: "af0ifjsldkj",
        nonce: "n-0S6_WzA2Mj",
        code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        prompt: None,
        login_hint: None,
        id_token_hint: None,
        dpop_jkt: None,
        extra: &[],
    };

    #[test]
    fn parameters_in_order() {
        let names = |request: &AuthorizationRequest<'_>| {
            request.parameters().unwrap().iter().map(|(name, _)| *name).collect::<Vec<_>>().join(" ")
        };
        let first = "response_type client_id redirect_uri scope state code_challenge code_challenge_method";
        assert_eq!(names(&REQUEST), format!("{first} nonce resource resource"));
        let plain = AuthorizationRequest { scope: "openid2", resources: &[], ..REQUEST };
        assert_eq!(names(&plain), first, "no nonce without openid");
        let more =
            AuthorizationRequest { prompt: Some("login"), extra: &[("login_hint", "a"), ("acr_values", "b")], ..plain };
        assert_eq!(names(&more), format!("{first} prompt login_hint acr_values"));
    }

    #[test]
    fn nothing_of_the_login_is_overridden() {
        let hinted =
            AuthorizationRequest { prompt: Some("none"), login_hint: Some("a"), id_token_hint: Some("b"), ..REQUEST };
        let names: Vec<&str> = hinted.parameters().unwrap().iter().map(|(name, _)| *name).collect();
        for name in names.into_iter().chain(["nonce", "resource", "request", "request_uri", ""]) {
            for base in [&hinted, &AuthorizationRequest { scope: "a", resources: &[], ..hinted }] {
                let extra = [(name, "x")];
                let error = AuthorizationRequest { extra: &extra, ..*base }.parameters().unwrap_err();
                assert!(error.to_string().starts_with("extra"), "{error}");
                assert!(error.to_string().contains(name));
            }
        }
        assert!(REQUEST.sets("state") && REQUEST.sets("nonce") && REQUEST.sets("resource") && hinted.sets("prompt"));
        assert!(!REQUEST.sets("prompt") && !REQUEST.sets("acr_values") && !REQUEST.sets("request"));
        let twice = AuthorizationRequest { extra: &[("acr", "1"), ("acr", "2")], ..REQUEST };
        assert_eq!(twice.parameters().unwrap_err().name, "extra.acr");
    }

    /// The examples of OpenID Connect Core §3.1.2.1 and RFC 7636 Appendix B, in our order.
    #[test]
    fn a_whole_request() {
        let url = with_query("https://server.example.com/authorize", &REQUEST.parameters().unwrap());
        assert_eq!(
            url,
            "https://server.example.com/authorize?response_type=code&client_id=s6BhdRkqt3\
             &redirect_uri=https%3A%2F%2Fclient.example.org%2Fcb&scope=openid+profile&state=af0ifjsldkj\
             &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256\
             &nonce=n-0S6_WzA2Mj&resource=https%3A%2F%2Fcal.example.com%2F&resource=https%3A%2F%2Fcontacts.example.com%2F"
        );
    }

    /// RFC 9126 §4, the example.
    #[test]
    fn a_pushed_request() {
        let parameters =
            pushed_parameters("s6BhdRkqt3", "urn:ietf:params:oauth:request_uri:6esc_11ACC5bwc014ltc14eY22c");
        assert_eq!(
            form(&parameters),
            "client_id=s6BhdRkqt3&request_uri=urn%3Aietf%3Aparams%3Aoauth%3Arequest_uri%3A6esc_11ACC5bwc014ltc14eY22c"
        );
    }
}
