//! Sessions that the user carries: a JWT (RFC 7519) signed with HMAC-SHA256 and a key that all lives of the run share.
//! Never trusts what the token says about its own algorithm, and reads no clock: the run's time is an argument.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use crate::telemetry::{Cause, SessionId};
use crate::wire::headers::SESSION_COOKIE;

use super::super::refusal::Refusal;

/// The longest cookie that browsers are sure to keep, name and value together (RFC 6265, section 6.1).
const MAX_COOKIE: usize = 4096;

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Claims {
    /// Which session.
    pub(super) sid: SessionId,
    /// Until when it holds, in seconds since 1970 on the run's clock.
    pub(super) exp: u64,
    /// The session's items; absent when they are in a store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) items: Option<Vec<String>>,
}

/// The key of the run.
pub(super) struct TokenKey {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
}

impl TokenKey {
    /// The key as the configuration has it, in hexadecimal.
    pub(super) fn new(hex: &str) -> Self {
        // Text that is no hexadecimal is as good a secret as any.
        let secret = from_hex(hex).unwrap_or_else(|| hex.as_bytes().to_vec());
        let mut validation = Validation::new(Algorithm::HS256);
        // `exp` must be there, and is compared below with the run's clock instead of the machine's.
        validation.validate_exp = false;
        validation.leeway = 0;
        Self { encoding: EncodingKey::from_secret(&secret), decoding: DecodingKey::from_secret(&secret), validation }
    }

    /// Signs a token. Refuses one that browsers would drop.
    pub(super) fn issue(&self, claims: &Claims) -> Result<String, Refusal> {
        let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &self.encoding).map_err(|error| {
            Refusal::with_status(500, Cause::Status, format!("the token cannot be signed: {error}"))
        })?;
        let length = SESSION_COOKIE.len() + token.len();
        if length > MAX_COOKIE {
            let items = claims.items.as_ref().map_or(0, Vec::len);
            let words = format!(
                "a token with {items} items needs a cookie of {length} bytes, and browsers keep at most {MAX_COOKIE}: \
                 link a cache, which then keeps the items"
            );
            return Err(Refusal::new(Cause::Status, words));
        }
        Ok(token)
    }

    /// What a token says, if it was signed with this key and still holds at `now_s`.
    pub(super) fn verify(&self, token: &str, now_s: u64) -> Option<Claims> {
        let claims = jsonwebtoken::decode::<Claims>(token, &self.decoding, &self.validation).ok()?.claims;
        (claims.exp > now_s && super::is_id(&claims.sid.0)).then_some(claims)
    }
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    if text.is_empty() || !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(items: usize) -> Claims {
        Claims {
            sid: SessionId("0123456789abcdef0123456789abcdef".into()),
            exp: 100,
            items: Some((0..items).map(|item| format!("u1-{item}")).collect()),
        }
    }

    #[test]
    fn a_token_says_what_was_signed_until_it_expires() {
        let key = TokenKey::new("00ff10");
        let token = key.issue(&claims(3)).unwrap();
        assert_eq!(key.verify(&token, 99), Some(claims(3)));
        assert_eq!(key.verify(&token, 100), None);
    }

    #[test]
    fn a_forged_token_says_nothing() {
        let key = TokenKey::new("00ff10");
        let token = key.issue(&claims(1)).unwrap();
        let others = TokenKey::new("00ff11").issue(&claims(1)).unwrap();
        assert_eq!(key.verify(&others, 0), None);
        for at in 0..token.len() {
            let mut forged = token.clone().into_bytes();
            forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
            let forged = String::from_utf8(forged).unwrap();
            // The last character of a part has bits that mean nothing, so another character may spell the same bytes.
            assert!(key.verify(&forged, 0).is_none_or(|read| read == claims(1)), "{forged}");
        }
        let header = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0";
        let body = token.split('.').nth(1).unwrap();
        assert_eq!(key.verify(&format!("{header}.{body}."), 0), None);
    }

    #[test]
    fn a_token_that_browsers_would_drop_is_refused() {
        let refusal = TokenKey::new("00").issue(&claims(600)).unwrap_err();
        assert!(refusal.words.contains("link a cache"), "{}", refusal.words);
    }
}
