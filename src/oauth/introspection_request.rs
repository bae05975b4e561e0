//! The request to an introspection endpoint (RFC 7662 §2.1), and how this resource shows who it is (RFC 6749 §2.3.1, RFC
//! 7523 §2.2).

use alloc::{format, string::String, vec, vec::Vec};

use super::form::{encoded, form};
use super::introspection::SIGNED_TYPE;
use crate::jose::base64url;
use crate::jose::json_text::ObjectText;

/// How a client shows who it is, by the names of OpenID Connect Core §9.
#[derive(Clone, PartialEq, Eq)]
pub enum ClientAuthentication {
    /// `client_secret_basic`: identifier and secret in the header Authorization.
    SecretBasic(String),
    /// `client_secret_post`: both in the form.
    SecretPost(String),
    /// `private_key_jwt`: an assertion that is signed for each request.
    PrivateKey(AssertionKey),
}

/// The key of assertions, which the caller signs with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssertionKey {
    /// The name of the algorithm (RFC 7518 §3.1).
    pub algorithm: String,
    /// The identifier under which the server knows the key.
    pub kid: Option<String>,
}

/// Who asks, and how.
#[derive(Clone, Debug)]
pub struct IntrospectionClient {
    /// The identifier of this resource at the authorization server.
    pub id: String,
    /// How it shows who it is.
    pub authentication: ClientAuthentication,
    /// Whether only signed answers are taken (RFC 9701).
    pub signed: bool,
}

/// A request to be sent.
#[derive(Clone, PartialEq, Eq)]
pub struct IntrospectionRequest {
    /// The header Authorization.
    pub authorization: Option<String>,
    /// The header Accept.
    pub accept: &'static str,
    /// The body, of type application/x-www-form-urlencoded.
    pub body: String,
}

/// How long an assertion is good for, in seconds: for one request, between clocks that differ.
const ASSERTION_LIFE: u64 = 60;

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

impl IntrospectionClient {
    /// The request about a token. `assertion`: the signed one, where the client shows who it is by that.
    pub fn request(&self, token: &str, assertion: Option<&str>) -> IntrospectionRequest {
        // RFC 7662 §2.1: "token_type_hint", so that the server looks there first.
        let mut parameters = vec![("token", token), ("token_type_hint", "access_token")];
        let mut authorization = None;
        match &self.authentication {
            // RFC 6749 §2.3.1: both "encoded using the "application/x-www-form-urlencoded" encoding algorithm".
            ClientAuthentication::SecretBasic(secret) => {
                authorization =
                    Some(format!("Basic {}", base64(&format!("{}:{}", encoded(&self.id), encoded(secret)))));
            }
            ClientAuthentication::SecretPost(secret) => {
                parameters.extend([("client_id", self.id.as_str()), ("client_secret", secret)]);
            }
            // RFC 7523 §2.2
            ClientAuthentication::PrivateKey(_) => parameters.extend([
                ("client_id", self.id.as_str()),
                ("client_assertion_type", ASSERTION_TYPE),
                ("client_assertion", assertion.unwrap_or_default()),
            ]),
        }
        let accept = if self.signed { SIGNED_TYPE } else { "application/json" };
        IntrospectionRequest { authorization, accept, body: form(&parameters) }
    }

    /// What an assertion signs (RFC 7523 §3), made at a moment: seconds since 1970. None where no key is used. `audience`:
    /// the issuer, whose name no other server can claim to be; `jti`: new for each.
    pub fn assertion_input(&self, audience: &str, jti: &str, now: u64) -> Option<String> {
        let ClientAuthentication::PrivateKey(key) = &self.authentication else { return None };
        let mut header = ObjectText::new();
        header.text("alg", &key.algorithm);
        header.text("typ", "JWT");
        if let Some(kid) = &key.kid {
            header.text("kid", kid);
        }
        let mut claims = ObjectText::new();
        // RFC 7523 §3 (1), (2): for client authentication both are the client's identifier.
        claims.text("iss", &self.id).text("sub", &self.id).text("aud", audience).text("jti", jti);
        claims.json("iat", &format!("{now}")).json("exp", &format!("{}", now.saturating_add(ASSERTION_LIFE)));
        let encode = |text: String| base64url::encode(text.as_bytes());
        Some(format!("{}.{}", encode(header.finish()), encode(claims.finish())))
    }
}

/// The padded alphabet of RFC 4648 §4, which HTTP's Basic uses (RFC 7617 §2).
fn base64(text: &str) -> String {
    let mut encoded: Vec<char> = base64url::encode(text.as_bytes()).chars().collect();
    for character in &mut encoded {
        match character {
            '-' => *character = '+',
            '_' => *character = '/',
            _ => {}
        }
    }
    while !encoded.len().is_multiple_of(4) {
        encoded.push('=');
    }
    encoded.into_iter().collect()
}

/// Neither the token nor a secret is shown.
impl core::fmt::Debug for IntrospectionRequest {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("IntrospectionRequest").field("accept", &self.accept).finish_non_exhaustive()
    }
}

impl core::fmt::Debug for ClientAuthentication {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::SecretBasic(_) => "client_secret_basic",
            Self::SecretPost(_) => "client_secret_post",
            Self::PrivateKey(_) => "private_key_jwt",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(authentication: ClientAuthentication) -> IntrospectionClient {
        IntrospectionClient { id: String::from("s6BhdRkqt3"), authentication, signed: false }
    }

    /// RFC 6749 §2.3.1, the two examples.
    #[test]
    fn secrets() {
        let secret = || String::from("7Fjfp0ZBr1KtDRbnfVdmIw");
        let basic = client(ClientAuthentication::SecretBasic(secret())).request("2YotnFZFEjr1zCsicMWpAA", None);
        assert_eq!(basic.authorization.as_deref(), Some("Basic czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3"));
        assert_eq!(basic.body, "token=2YotnFZFEjr1zCsicMWpAA&token_type_hint=access_token");
        let post = client(ClientAuthentication::SecretPost(secret())).request("a b", None);
        assert_eq!(post.authorization, None);
        assert_eq!(
            post.body,
            "token=a+b&token_type_hint=access_token&client_id=s6BhdRkqt3&client_secret=7Fjfp0ZBr1KtDRbnfVdmIw"
        );
    }

    /// RFC 6749 §2.3.1 and Appendix B: a colon in either does not move the boundary between them. The values are of
    /// `Buffer.from("a%3Ab%2F:p%3Ac%25%C3%A9+%2B").toString("base64")`.
    #[test]
    fn secrets_are_encoded_before_they_are_joined() {
        let authentication = ClientAuthentication::SecretBasic(String::from("p:c%é +"));
        let client = IntrospectionClient { id: String::from("a:b/"), authentication, signed: true };
        let request = client.request("t", None);
        assert_eq!(request.authorization.as_deref(), Some("Basic YSUzQWIlMkY6cCUzQWMlMjUlQzMlQTkrJTJC"));
        assert_eq!(request.accept, "application/token-introspection+jwt");
    }

    #[test]
    fn the_padding_of_basic() {
        for (text, expected) in [("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("~~?", "fn4/"), ("~~>", "fn4+")] {
            assert_eq!(base64(text), expected);
        }
    }

    #[test]
    fn assertions() {
        let key = AssertionKey { algorithm: String::from("ES256"), kid: Some(String::from("16")) };
        let client = client(ClientAuthentication::PrivateKey(key));
        let input = client.assertion_input("https://as.example/", "j", 1_000).unwrap();
        let decoded =
            input.split('.').map(|part| String::from_utf8(base64url::decode(part.as_bytes()).unwrap()).unwrap());
        assert_eq!(
            decoded.collect::<Vec<_>>(),
            [
                r#"{"alg":"ES256","typ":"JWT","kid":"16"}"#,
                r#"{"iss":"s6BhdRkqt3","sub":"s6BhdRkqt3","aud":"https://as.example/","jti":"j","iat":1000,"exp":1060}"#
            ]
        );
        let request = client.request("t", Some("a.b.c"));
        assert_eq!(
            request.body,
            "token=t&token_type_hint=access_token&client_id=s6BhdRkqt3\
             &client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=a.b.c"
        );
        assert_eq!(client.request("t", Some("x")).authorization, None);
    }
}
