//! The option `token`: where a request carries its token besides the header Authorization.

use std::string::String;
use std::vec::Vec;

use wasm_bindgen::JsValue;
use web_sys::Headers;

use super::options::{Options, Read, object, wrong};
use crate::claims::provider::Provider;
use crate::error::Error;
use crate::resource_server::credentials::{cookies, from_places, subprotocol_token};

const COOKIE: &str = "cookie";
const PROTOCOLS: &str = "sec-websocket-protocol";

/// Where tokens are looked for.
#[derive(Default)]
pub(super) struct TokenPlaces {
    header: Option<String>,
    cookie: Option<String>,
    subprotocol: Option<String>,
}

impl TokenPlaces {
    /// Reads the option. A function is left to the shell, which calls it; a provider may have places of its own.
    pub(super) fn read(options: &Options, providers: &[&Provider]) -> Read<(Self, JsValue)> {
        let path = options.path("token");
        let Some(value) = options.get("token")? else {
            let mut places = providers.iter().map(|provider| (provider.header, provider.cookie));
            let (header, cookie) = places.find(|place| *place != (None, None)).unwrap_or_default();
            if places.any(|place| place != (None, None) && place != (header, cookie)) {
                return Err(wrong(&path, "required: the providers' tokens travel in different places"));
            }
            let own = |name: Option<&str>| name.map(String::from);
            return Ok((Self { header: own(header), cookie: own(cookie), subprotocol: None }, JsValue::NULL));
        };
        if value.is_function() {
            return Ok((Self::default(), value));
        }
        if object(&value).is_none() {
            return Err(wrong(&path, "expected an object with header, cookie or webSocketProtocol, or a function"));
        }
        let places = Options::read(&value, &path, &["header", "cookie", "webSocketProtocol"])?;
        let places = Self {
            header: places.string("header")?,
            cookie: places.string("cookie")?,
            subprotocol: places.string("webSocketProtocol")?,
        };
        if places.is_none() {
            Err(wrong(&path, "expected header, cookie or webSocketProtocol"))
        } else {
            Ok((places, JsValue::NULL))
        }
    }

    /// The headers that are looked at besides Authorization.
    pub(super) fn headers(&self) -> Vec<&str> {
        let header = self.header.as_deref();
        let cookie = self.cookie.as_ref().map(|_| COOKIE);
        let protocols = self.subprotocol.as_ref().map(|_| PROTOCOLS);
        [header, cookie, protocols].into_iter().flatten().collect()
    }

    /// Whether Authorization alone is looked at.
    pub(super) const fn is_none(&self) -> bool {
        self.header.is_none() && self.cookie.is_none() && self.subprotocol.is_none()
    }

    /// The credentials of a request.
    pub(super) fn credentials(&self, headers: &Headers, authorization: Option<&str>) -> Result<Option<String>, Error> {
        let read = |name: &str| headers.get(name).ok().flatten();
        let header = self.header.as_deref().and_then(read);
        let cookie = self.cookie.as_ref().and_then(|_| read(COOKIE));
        let protocols = self.subprotocol.as_ref().and_then(|_| read(PROTOCOLS));
        let mut found: Vec<&str> = Vec::new();
        found.extend(header.as_deref().map(str::trim).filter(|token| !token.is_empty()));
        if let (Some(cookie), Some(name)) = (&cookie, &self.cookie) {
            found.extend(cookies(cookie, name));
        }
        if let (Some(protocols), Some(name)) = (&protocols, &self.subprotocol) {
            found.extend(subprotocol_token(protocols, name));
        }
        from_places(authorization, &found)
    }
}
