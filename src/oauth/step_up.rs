//! A resource server that wants to see a stronger or a fresher login (RFC 9470 §3).

use alloc::string::String;

use super::challenge;

/// Characters of `acr_values` that are passed on: addresses that are too long are refused by servers.
const MAX_ACR_VALUES: usize = 1_024;

/// What a resource server asks of the user's login: the authorization request asks the same (RFC 9470 §4). What the server
/// makes of a wish for a context, the resource server judges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepUp {
    /// The authentication contexts of which one is needed, separated by spaces, most wanted first.
    pub acr_values: Option<String>,
    /// For how many seconds at most the user may have been logged in.
    pub max_age: Option<u64>,
}

impl StepUp {
    /// What an answer asks for; none where it asks for no other login.
    pub fn of(status: u16, challenge: Option<&str>) -> Option<Self> {
        let challenge = challenge.filter(|text| challenge::has_error(text, "insufficient_user_authentication"))?;
        let parameter = |name| challenge::parameter(challenge, name);
        let is_fit = |text: &String| {
            text.len() <= MAX_ACR_VALUES
                && text.bytes().all(|byte| (b' '..0x7f).contains(&byte))
                && !text.trim().is_empty()
        };
        // Whole seconds are exact in JavaScript below 2⁵³.
        let seconds = |text: String| text.parse().ok().filter(|seconds: &u64| *seconds < 1 << 53);
        (status == 401).then(|| Self {
            acr_values: parameter("acr_values").filter(is_fit),
            max_age: parameter("max_age").and_then(seconds),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(challenge: &str) -> Option<(Option<String>, Option<u64>)> {
        StepUp::of(401, Some(challenge)).map(|asked| (asked.acr_values, asked.max_age))
    }

    /// RFC 9470 §3, the examples.
    #[test]
    fn challenges_of_the_rfc() {
        let context = r#"Bearer error="insufficient_user_authentication", error_description="A different authentication level is required", acr_values="myACR""#;
        assert_eq!(asked(context), Some((Some("myACR".into()), None)));
        let age = r#"Bearer error="insufficient_user_authentication", error_description="More recent authentication is required", max_age="5""#;
        assert_eq!(asked(age), Some((None, Some(5))));
        assert_eq!(StepUp::of(403, Some(age)), None);
        assert_eq!(StepUp::of(401, None), None);
    }

    #[test]
    fn what_is_odd_is_not_passed_on() {
        let with = |rest: &str| asked(&alloc::format!(r#"DPoP error="insufficient_user_authentication"{rest}"#));
        assert_eq!(with(""), Some((None, None)));
        for rest in [
            r#", max_age="-1""#,
            r#", max_age="9007199254740992""#,
            r#", max_age="soon""#,
            ", acr_values=\"\u{e9}\"",
            r#", acr_values=" ""#,
            ", acr_values=\"a\tb\"",
        ] {
            assert_eq!(with(rest), Some((None, None)), "{rest}");
        }
        assert_eq!(with(&alloc::format!(r#", acr_values="{}""#, "x".repeat(1_025))), Some((None, None)));
        let most = "x".repeat(1_024);
        assert_eq!(with(&alloc::format!(r#", acr_values="{most}""#)), Some((Some(most), None)));
        assert_eq!(asked(r#"Bearer error="insufficient_scope", acr_values="a""#), None);
    }
}
