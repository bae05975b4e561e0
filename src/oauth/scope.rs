//! Scope (RFC 6749 §3.3): a list of tokens separated by spaces.

use alloc::{string::String, vec::Vec};

/// The tokens of a scope (RFC 6749 §3.3).
pub fn scope_tokens(scope: &str) -> impl Iterator<Item = &str> {
    scope.split(' ').filter(|token| !token.is_empty())
}

/// Whether a scope has a token: compared whole and case-sensitively (RFC 6749 §3.3).
pub(crate) fn has(scope: &str, wanted: &str) -> bool {
    scope_tokens(scope).any(|token| token == wanted)
}

/// The distinct tokens of several scopes, in the order of their first appearance.
pub(crate) fn distinct<'s>(scopes: impl IntoIterator<Item = &'s String>) -> Vec<&'s str> {
    let mut tokens = Vec::new();
    scopes.into_iter().for_each(|scope| add(&mut tokens, scope));
    tokens
}

/// Compiled once, whatever iterates.
#[inline(never)]
fn add<'s>(tokens: &mut Vec<&'s str>, scope: &'s str) {
    for token in scope_tokens(scope) {
        if !tokens.contains(&token) {
            tokens.push(token);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_separated_by_spaces_alone() {
        assert_eq!(scope_tokens(" read  write:all ").collect::<Vec<_>>(), ["read", "write:all"]);
        assert_eq!(scope_tokens("read\twrite").collect::<Vec<_>>(), ["read\twrite"]);
        assert!(has("openid email", "openid") && !has("openid2 Openid", "openid"));
        assert_eq!(distinct(&[String::from("a b"), String::from("b c a")]), ["a", "b", "c"]);
    }
}
