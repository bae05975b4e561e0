//! What a client sends to the token endpoint (RFC 6749 §4.1.3, §6) and to the revocation endpoint (RFC 7009 §2.1).

use alloc::{vec, vec::Vec};

/// Who asks for tokens: a public client, which has no secret (RFC 6749 §2.1).
#[derive(Clone, Copy, Debug)]
pub struct TokenRequest<'r> {
    /// The client's identifier.
    pub client_id: &'r str,
    /// The resources that the token is for (RFC 8707 §2.2).
    pub resources: &'r [&'r str],
}

impl<'r> TokenRequest<'r> {
    /// The parameters that give a code for tokens.
    pub fn for_code(
        &self,
        code: &'r str,
        redirect_uri: &'r str,
        code_verifier: &'r str,
    ) -> Vec<(&'static str, &'r str)> {
        // RFC 6749 §4.1.3: redirect_uri "values MUST be identical"; RFC 7636 §4.5: code_verifier.
        self.with_resources(vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect_uri),
            ("client_id", self.client_id),
            ("code_verifier", code_verifier),
        ])
    }

    /// The parameters that give a refresh token for tokens (RFC 6749 §6).
    pub fn for_refresh_token(&self, refresh_token: &'r str) -> Vec<(&'static str, &'r str)> {
        self.with_resources(vec![
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token),
            ("client_id", self.client_id),
        ])
    }

    fn with_resources(&self, mut parameters: Vec<(&'static str, &'r str)>) -> Vec<(&'static str, &'r str)> {
        parameters.extend(self.resources.iter().map(|&resource| ("resource", resource)));
        parameters
    }
}

/// The parameters that revoke a refresh token, and with it the tokens it gave (RFC 7009 §2.1).
pub fn revocation_parameters<'r>(client_id: &'r str, refresh_token: &'r str) -> [(&'static str, &'r str); 3] {
    [("token", refresh_token), ("token_type_hint", "refresh_token"), ("client_id", client_id)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oauth::form::form;

    const CLIENT: TokenRequest<'_> = TokenRequest { client_id: "s6BhdRkqt3", resources: &["https://cal.example.com/"] };

    /// RFC 6749 §4.1.3 and RFC 7636 Appendix B, the examples.
    #[test]
    fn a_code_for_tokens() {
        let parameters = CLIENT.for_code(
            "SplxlOBeZQQYbYS6WxSbIA",
            "https://client.example.com/cb",
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        );
        assert_eq!(
            form(&parameters),
            "grant_type=authorization_code&code=SplxlOBeZQQYbYS6WxSbIA&redirect_uri=https%3A%2F%2Fclient.example.com%2Fcb\
             &client_id=s6BhdRkqt3&code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk\
             &resource=https%3A%2F%2Fcal.example.com%2F"
        );
    }

    /// RFC 6749 §6 and RFC 7009 §2.1, the examples.
    #[test]
    fn a_refresh_token() {
        let plain = TokenRequest { resources: &[], ..CLIENT };
        assert_eq!(
            form(&plain.for_refresh_token("tGzv3JOkF0XG5Qx2TlKWIA")),
            "grant_type=refresh_token&refresh_token=tGzv3JOkF0XG5Qx2TlKWIA&client_id=s6BhdRkqt3"
        );
        assert!(form(&CLIENT.for_refresh_token("r")).ends_with("&resource=https%3A%2F%2Fcal.example.com%2F"));
        assert_eq!(
            form(&revocation_parameters("s6BhdRkqt3", "45ghiukldjahdnhzdauz")),
            "token=45ghiukldjahdnhzdauz&token_type_hint=refresh_token&client_id=s6BhdRkqt3"
        );
    }
}
