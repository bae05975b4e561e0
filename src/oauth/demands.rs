//! What an authorization request demands of the ID token that answers it (OpenID Connect Core §3.1.2.1, §5.5.1.1).

use alloc::{string::String, vec::Vec};

use crate::invalid_option::InvalidOption;
use crate::jose::json::{self, Value};

/// What the ID token has to show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Demands {
    /// For how many seconds at most the user may have been logged in: `auth_time` is required (§3.1.3.7 (13)).
    pub max_age: Option<u64>,
    /// The authentication contexts of which the token has to have one (§3.1.3.7 (12)).
    pub acr: Option<Vec<String>>,
}

impl Demands {
    /// The demands of a request's parameters, whoever set them. `acr` are contexts that the caller insists on;
    /// `acr_values` alone are wishes, which a server may leave unfulfilled (§5.5.1.1).
    ///
    /// # Errors
    /// A `max_age` or `claims` that cannot be held.
    pub fn of(parameters: &[(&str, &str)], acr: Option<&[String]>) -> Result<Self, InvalidOption> {
        let parameter = |wanted| parameters.iter().find(|(name, _)| *name == wanted).map(|(_, value)| *value);
        let max_age = parameter("max_age").map(|text| {
            let seconds = text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
            // Whole seconds are exact in JavaScript below 2⁵³.
            seconds.filter(|&seconds: &u64| seconds < 1 << 53)
        });
        let max_age = match max_age {
            Some(None) => return Err(InvalidOption::new("max_age", "expected whole seconds")),
            Some(seconds) => seconds,
            None => None,
        };
        let insisted = acr.map(<[String]>::to_vec);
        let essential = parameter("claims").map(essential_acr).transpose()?.flatten();
        let acr = match (insisted, essential) {
            (Some(mut one), Some(other)) => {
                one.retain(|context| other.contains(context));
                Some(one)
            }
            (one, other) => one.or(other),
        };
        Ok(Self { max_age, acr })
    }
}

/// The contexts that a `claims` parameter asks the ID token for as essential (§5.5, §5.5.1.1).
fn essential_acr(claims: &str) -> Result<Option<Vec<String>>, InvalidOption> {
    let invalid = || InvalidOption::new("claims", "expected the JSON of an object");
    let value = json::parse(claims.as_bytes()).map_err(|_| invalid())?;
    let request = value.as_object().ok_or_else(invalid)?;
    let asked = request.get("id_token").and_then(Value::as_object).and_then(|asked| asked.get("acr"));
    let Some(acr) = asked.and_then(Value::as_object) else { return Ok(None) };
    if !matches!(acr.get("essential"), Some(Value::Bool(true))) {
        return Ok(None);
    }
    let text = |value: &Value<'_>| value.as_str().map(String::from);
    Ok(match (acr.get("value"), acr.get("values")) {
        (Some(value), _) => text(value).map(|context| alloc::vec![context]),
        (None, Some(Value::Array(values))) => Some(values.iter().filter_map(text).collect()),
        _ => None,
    })
}

/// The parameters of several layers by name: a later layer's value takes the place of an earlier one's.
pub fn layered(layers: &[&[(String, String)]]) -> Vec<(String, String)> {
    let mut merged: Vec<(String, String)> = Vec::new();
    for (name, value) in layers.iter().flat_map(|layer| layer.iter()) {
        match merged.iter_mut().find(|(other, _)| other == name) {
            Some((_, earlier)) => earlier.clone_from(value),
            None => merged.push((name.clone(), value.clone())),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    fn acr(claims: &str, insisted: Option<&[String]>) -> Option<Vec<String>> {
        Demands::of(&[("claims", claims)], insisted).unwrap().acr
    }

    #[test]
    fn max_age_binds_whoever_asked() {
        let max_age = |text| Demands::of(&[("max_age", text)], None).map(|demands| demands.max_age);
        assert_eq!(max_age("0"), Ok(Some(0)));
        assert_eq!(max_age("3600"), Ok(Some(3600)));
        for text in ["", "-1", "1.5", "1e3", "an hour", "+1", "9007199254740992", "99999999999999999999"] {
            assert_eq!(max_age(text).unwrap_err().name, "max_age", "{text}");
        }
        assert_eq!(Demands::of(&[("acr_values", "mfa")], None), Ok(Demands::default()), "a wish (§5.5.1.1)");
    }

    /// OpenID Connect Core §5.5.1.1: the example, and what is not essential.
    #[test]
    fn essential_contexts_bind() {
        let example = r#"{"id_token":{"acr":{"essential":true,"values":["urn:mace:incommon:iap:silver","urn:mace:incommon:iap:bronze"]}}}"#;
        let both = vec![String::from("urn:mace:incommon:iap:silver"), String::from("urn:mace:incommon:iap:bronze")];
        assert_eq!(acr(example, None), Some(both.clone()));
        assert_eq!(acr(r#"{"id_token":{"acr":{"essential":true,"value":"2"}}}"#, None), Some(vec!["2".into()]));
        for wish in [
            "{}",
            r#"{"userinfo":{"acr":{"essential":true,"value":"2"}}}"#,
            r#"{"id_token":{"acr":null}}"#,
            r#"{"id_token":{"acr":{"essential":true}}}"#,
            r#"{"id_token":{"acr":{"essential":false,"value":"2"}}}"#,
            r#"{"id_token":{"acr":{"values":["2"]}}}"#,
            r#"{"id_token":null}"#,
        ] {
            assert_eq!(acr(wish, None), None, "{wish}");
        }
        assert_eq!(acr("{}", Some(&both)), Some(both.clone()), "whoever insists");
        assert_eq!(acr(example, Some(&["x".into(), both[1].clone()])), Some(vec![both[1].clone()]));
        for text in ["", "[]", "{", r#"{"a":1,"a":2}"#] {
            assert_eq!(Demands::of(&[("claims", text)], None).unwrap_err().name, "claims");
        }
    }

    #[test]
    fn later_layers_win() {
        let pair = |name: &str, value: &str| (String::from(name), String::from(value));
        let merged = layered(&[&[pair("a", "1"), pair("b", "1")], &[], &[pair("b", "2"), pair("c", "2")]]);
        assert_eq!(merged, [pair("a", "1"), pair("b", "2"), pair("c", "2")]);
    }
}
