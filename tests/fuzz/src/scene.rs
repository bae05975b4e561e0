//! A token, a policy and a moment made from fuzz data, near enough to each other that every rule is
//! reached: a valid token, and edits of it.

use std::fmt::Write as _;
use std::time::Duration;

use arbitrary::{Arbitrary, Result, Unstructured};
use base64ct::{Base64UrlUnpadded, Encoding};
use countersign::{Accepted, Algorithm, AuthorizedParty, Policy, Profile, UnixTime};
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::decimal::{Units, units};
use crate::keys;

/// The seconds around which everything happens.
pub const NOON: i64 = 1_800_000_000;
pub const LOGOUT_EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
const ALGORITHMS: [&str; 6] = ["HS256", "HS384", "HS512", "EdDSA", "Ed25519", "ES256"];
const TYPES: [&str; 12] = [
    "JWT",
    "jwt",
    "at+jwt",
    "application/at+jwt",
    "APPLICATION/AT+JWT",
    "logout+jwt",
    "application/logout+jwt",
    "application/jwt",
    "application/x/at+jwt",
    "application/",
    "",
    "dpop+jwt",
];
const TEXTS: [&str; 14] = [
    "https://auth.example.com",
    "https://auth.example.com/",
    "https://api.shop.example.com",
    "shop-web",
    "user-1",
    "n-1",
    "urn:acr:2",
    "orders:read",
    "orders:read orders:write",
    "access token",
    "code",
    "",
    "\u{e9}\u{1f600}\"\\\n",
    "__proto__",
];
const NAMES: [&str; 22] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
    "client_id",
    "scope",
    "acr",
    "nonce",
    "azp",
    "at_hash",
    "c_hash",
    "auth_time",
    "events",
    "sid",
    "amr",
    "x",
    "__proto__",
    "constructor",
    "",
];

/// A text, likely one that the other side has as well.
#[derive(Clone, Debug, PartialEq)]
pub struct Text(pub String);

impl<'a> Arbitrary<'a> for Text {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let at = u.int_in_range(0..=TEXTS.len() + 1)?;
        Ok(Self(match TEXTS.get(at) {
            Some(text) => (*text).to_owned(),
            None => u.arbitrary::<&str>()?.chars().take(24).collect(),
        }))
    }
}

/// A JSON number as text.
#[derive(Clone, Debug)]
pub struct Number(pub String);

impl<'a> Arbitrary<'a> for Number {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        const FRACTIONS: [&str; 8] =
            ["", ".0", ".5", ".125", ".25", ".12499999999999999999999", ".1250000000000000000000000000001", ".999"];
        const EXTREMES: [&str; 16] = [
            "0",
            "-0",
            "-0.0e9",
            "1e400",
            "-1",
            "-1e-9",
            "1e-400",
            "18446744073709551616",
            "1.8e9",
            "0.18e10",
            "18E+8",
            "1e308",
            "1.7976931348623158e308",
            "1.7976931348623159e308",
            "1e99999999999",
            "1e-99999999999",
        ];
        Ok(Self(match u.int_in_range(0..=7)? {
            0..=4 => {
                let seconds = NOON + i64::from(u.arbitrary::<i8>()?);
                let fraction = u.choose(&FRACTIONS)?;
                match u.int_in_range(0..=5)? {
                    0 => format!("{seconds}00{}e-2", fraction),
                    1 => format!("0.{seconds}{}E10", fraction.trim_start_matches('.')),
                    _ => format!("{seconds}{fraction}"),
                }
            }
            5 => (*u.choose(&EXTREMES)?).to_owned(),
            _ => {
                let (negative, whole): (bool, u64) = u.arbitrary()?;
                let mut text = if negative { format!("-{whole}") } else { whole.to_string() };
                if u.arbitrary()? {
                    let _ = write!(text, ".{}", u.arbitrary::<u32>()?);
                }
                if u.arbitrary()? {
                    let _ = write!(text, "e{}", u.arbitrary::<i16>()?);
                }
                text
            }
        }))
    }
}

/// The value of a claim.
#[derive(Arbitrary, Clone, Debug)]
pub enum Claim {
    Text(Text),
    Number(Number),
    Texts(Vec<Text>),
    Null,
    Bool(bool),
    /// The right hash of a text, for at_hash and c_hash.
    Hash(Text),
    /// An object with the logout event in it, whose value is an object, or not.
    Logout(bool),
    /// An array whose second member is no string.
    Mixed(Text),
    Object(Box<(Text, Claim)>),
}

impl Claim {
    fn json(&self, algorithm: &str) -> String {
        let quoted = |text: &str| serde_json::to_string(text).unwrap();
        match self {
            Self::Text(text) => quoted(&text.0),
            Self::Number(number) => number.0.clone(),
            Self::Texts(texts) => {
                format!("[{}]", texts.iter().map(|text| quoted(&text.0)).collect::<Vec<_>>().join(","))
            }
            Self::Null => "null".into(),
            Self::Bool(truth) => truth.to_string(),
            Self::Hash(text) => quoted(&half_hash(algorithm, &text.0)),
            Self::Logout(object) => format!("{{{}:{}}}", quoted(LOGOUT_EVENT), if *object { "{}" } else { "[]" }),
            Self::Mixed(text) => format!("[{},1]", quoted(&text.0)),
            Self::Object(member) => format!("{{{}:{}}}", quoted(&member.0.0), member.1.json(algorithm)),
        }
    }

    /// How deep it nests.
    pub fn depth(&self) -> usize {
        match self {
            Self::Object(member) => 1 + member.1.depth(),
            Self::Logout(_) => 2,
            Self::Texts(_) | Self::Mixed(_) => 1,
            _ => 0,
        }
    }
}

/// The left half of a hash (OpenID Connect Core §3.1.3.6).
pub fn half_hash(algorithm: &str, text: &str) -> String {
    match algorithm {
        "HS256" | "ES256" => Base64UrlUnpadded::encode_string(&Sha256::digest(text)[..16]),
        "HS384" => Base64UrlUnpadded::encode_string(&Sha384::digest(text)[..24]),
        _ => Base64UrlUnpadded::encode_string(&Sha512::digest(text)[..32]),
    }
}

#[derive(Arbitrary, Debug)]
enum Edit {
    Set(u8, Claim),
    Remove(u8),
    /// The same member once more, its name escaped.
    Again(u8),
}

/// What the header says besides `alg` and `typ`.
#[derive(Arbitrary, Clone, Copy, Debug, PartialEq)]
pub enum Extension {
    None,
    EncodedPayload,
    UnencodedPayload,
    NamedPayload,
    Extension,
    CriticalExtension,
    EmptyCrit,
    AbsentCrit,
    RegisteredCrit,
    DoubleCrit,
    TextCrit,
    Kid,
    Foreign,
}

#[derive(Arbitrary, Clone, Copy, Debug, PartialEq)]
pub enum Signature {
    Valid,
    ValidToo,
    ValidAsWell,
    Missing,
    Flipped(u16),
    Shortened,
    Lengthened,
}

#[derive(Arbitrary, Debug)]
struct Plan {
    profile: u8,
    algorithm: u8,
    typ: Option<u8>,
    fitting_type: bool,
    extension: Extension,
    signature: Signature,
    demands: DemandPlan,
    edits: Vec<Edit>,
    now: (i8, u8),
}

#[derive(Arbitrary, Debug)]
struct DemandPlan {
    issuer: Option<Vec<Text>>,
    audience: Option<Vec<Text>>,
    fitting: bool,
    algorithms: Option<Vec<u8>>,
    types: Option<Vec<u8>>,
    subject: Option<Text>,
    tolerance: u8,
    max_token_age: Option<u8>,
    required: Option<Vec<u8>>,
    understood: bool,
    max_token_size: Option<u16>,
    nonce: Option<Text>,
    access_token: Option<Text>,
    code: Option<Text>,
    max_age: Option<u8>,
    contexts: Option<Vec<Text>>,
    scopes: Vec<Text>,
    trusted: Vec<Text>,
    party: Option<(bool, Vec<Text>)>,
}

/// Everything that a verdict depends on, in a form that the oracle reads without any parser.
#[derive(Debug)]
pub struct Scene {
    pub profile: Profile,
    pub algorithm: &'static str,
    pub typ: Option<&'static str>,
    pub extension: Extension,
    pub signature: Signature,
    /// Names and values in the order of the text; a name may stand twice.
    pub claims: Vec<(&'static str, Claim)>,
    pub policy: Policy,
    pub now: Units,
    pub tolerance: Units,
    pub max_token_age: Option<Units>,
    pub max_age: Option<Units>,
    pub clock: UnixTime,
    pub token: String,
}

impl<'a> Arbitrary<'a> for Scene {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self::new(Plan::arbitrary(u)?))
    }
}

impl Scene {
    fn new(plan: Plan) -> Self {
        let profile =
            [Profile::Jwt, Profile::AccessToken, Profile::IdToken, Profile::LogoutToken][usize::from(plan.profile % 4)];
        let algorithm = pick(&ALGORITHMS, plan.algorithm);
        let fitting_type = match profile {
            Profile::AccessToken => Some("at+jwt"),
            Profile::LogoutToken => Some("logout+jwt"),
            _ => Some("JWT"),
        };
        let typ = if plan.fitting_type { fitting_type } else { plan.typ.map(|at| pick(&TYPES, at)) };
        let mut claims = valid_claims(profile);
        let mut escaped = Vec::new();
        for edit in plan.edits {
            match edit {
                Edit::Set(name, value) => {
                    let name = pick(&NAMES, name);
                    claims.retain(|(other, _)| *other != name);
                    claims.push((name, value));
                }
                Edit::Remove(name) => claims.retain(|(other, _)| *other != pick(&NAMES, name)),
                Edit::Again(at) => {
                    if let Some((name, value)) = claims.get(usize::from(at)).cloned() {
                        escaped.push(claims.len());
                        claims.push((name, value));
                    }
                }
            }
        }
        let demands = plan.demands;
        let algorithms: Option<Vec<&str>> = if demands.fitting {
            Some(vec![algorithm])
        } else {
            demands.algorithms.map(|list| list.iter().map(|&at| pick(&ALGORITHMS, at)).collect())
        };
        let eighths = |eighths: u8| f64::from(eighths) / 8.0;
        let moment = (NOON + i64::from(plan.now.0)) as f64 + eighths(plan.now.1 % 8);
        let duration = |eighths: u8| Duration::from_millis(125 * u64::from(eighths));
        let texts = |list: Vec<Text>| list.into_iter().map(|text| text.0).collect::<Vec<_>>();
        let accepted = |list: Option<Vec<Text>>, fitting: &str| match list {
            None => Accepted::Any,
            Some(_) if demands.fitting => Accepted::OneOf(vec![fitting.to_owned()]),
            Some(list) => Accepted::OneOf(texts(list)),
        };
        let mut policy = Policy::new(profile, accepted(demands.issuer, TEXTS[0]), accepted(demands.audience, TEXTS[3]));
        policy.algorithms =
            algorithms.map(|list| list.iter().map(|name| Algorithm::from_name(name).unwrap()).collect());
        policy.typ = demands.types.map(|list| list.iter().map(|&at| pick(&TYPES, at).to_owned()).collect());
        policy.subject = demands.subject.map(|text| text.0);
        policy.clock_tolerance = duration(demands.tolerance);
        policy.max_token_age = demands.max_token_age.map(duration);
        if let Some(required) = demands.required {
            policy.required_claims = required.iter().map(|&at| pick(&NAMES, at).to_owned()).collect();
        }
        policy.crit = if demands.understood { vec!["exp".into(), "x".into()] } else { Vec::new() };
        policy.max_token_size = demands.max_token_size.map_or(policy.max_token_size, usize::from);
        policy.nonce = demands.nonce.map(|text| text.0);
        policy.access_token = demands.access_token.map(|text| text.0);
        policy.authorization_code = demands.code.map(|text| text.0);
        policy.max_authentication_age = demands.max_age.map(duration);
        policy.acr = demands.contexts.map(texts);
        policy.scopes = texts(demands.scopes);
        policy.trusted_audiences = texts(demands.trusted);
        policy.authorized_party = match demands.party {
            None => AuthorizedParty::Unchecked,
            Some((true, parties)) => AuthorizedParty::OneOf(texts(parties)),
            Some((false, parties)) => AuthorizedParty::IfPresent(texts(parties)),
        };
        let mut scene = Self {
            profile,
            algorithm,
            typ,
            extension: plan.extension,
            signature: plan.signature,
            claims,
            policy,
            now: units(moment),
            tolerance: units(eighths(demands.tolerance)),
            max_token_age: demands.max_token_age.map(|age| units(eighths(age))),
            max_age: demands.max_age.map(|age| units(eighths(age))),
            clock: UnixTime::from_seconds_f64(moment).unwrap(),
            token: String::new(),
        };
        scene.token = scene.signed(&escaped);
        scene
    }

    fn signed(&self, escaped: &[usize]) -> String {
        let mut header = format!("{{\"alg\":\"{}\"", self.algorithm);
        if let Some(typ) = self.typ {
            let _ = write!(header, ",\"typ\":{}", serde_json::to_string(typ).unwrap());
        }
        header.push_str(match self.extension {
            Extension::None => "",
            Extension::EncodedPayload => ",\"crit\":[\"b64\"],\"b64\":true",
            Extension::UnencodedPayload => ",\"crit\":[\"b64\"],\"b64\":false",
            Extension::NamedPayload => ",\"b64\":\"true\"",
            Extension::Extension => ",\"x\":{}",
            Extension::CriticalExtension => ",\"crit\":[\"x\"],\"x\":{}",
            Extension::EmptyCrit => ",\"crit\":[]",
            Extension::AbsentCrit => ",\"crit\":[\"x\"]",
            Extension::RegisteredCrit => ",\"crit\":[\"alg\"]",
            Extension::DoubleCrit => ",\"crit\":[\"x\",\"x\"],\"x\":1",
            Extension::TextCrit => ",\"crit\":\"x\",\"x\":1",
            Extension::Kid => ",\"kid\":\"../../etc/passwd\"",
            Extension::Foreign => ",\"jwk\":{\"kty\":\"oct\"},\"jku\":1,\"x5c\":null,\"x5u\":[]",
        });
        header.push('}');
        let mut payload = String::from("{");
        for (i, (name, value)) in self.claims.iter().enumerate() {
            let name = if escaped.contains(&i) { unicode_escaped(name) } else { (*name).to_owned() };
            let comma = if i == 0 { "" } else { "," };
            let _ = write!(payload, "{comma}\"{name}\":{}", value.json(self.algorithm));
        }
        payload.push('}');
        let mut token = keys::token(self.algorithm, header.as_bytes(), payload.as_bytes());
        let signature = token.rfind('.').unwrap() + 1;
        match self.signature {
            Signature::Valid | Signature::ValidToo | Signature::ValidAsWell => {}
            Signature::Missing => token.truncate(signature),
            Signature::Flipped(bit) => {
                let mut octets = keys::decode(&token.as_bytes()[signature..]).unwrap();
                let at = usize::from(bit) % (octets.len() * 8);
                octets[at / 8] ^= 1 << (at % 8);
                token.replace_range(signature.., &keys::encode(&octets));
            }
            Signature::Shortened | Signature::Lengthened => {
                let mut octets = keys::decode(&token.as_bytes()[signature..]).unwrap();
                if self.signature == Signature::Shortened {
                    octets.truncate(octets.len() - 1)
                } else {
                    octets.push(0)
                }
                token.replace_range(signature.., &keys::encode(&octets));
            }
        }
        token
    }
}

fn pick(list: &[&'static str], at: u8) -> &'static str {
    list[usize::from(at) % list.len()]
}

fn unicode_escaped(text: &str) -> String {
    text.encode_utf16().fold(String::new(), |mut out, unit| {
        let _ = write!(out, "\\u{unit:04x}");
        out
    })
}

fn valid_claims(profile: Profile) -> Vec<(&'static str, Claim)> {
    let text = |text: &str| Claim::Text(Text(text.to_owned()));
    let number = |seconds: i64| Claim::Number(Number((NOON + seconds).to_string()));
    let mut claims = vec![
        ("iss", text(TEXTS[0])),
        ("aud", text(TEXTS[3])),
        ("sub", text(TEXTS[4])),
        ("exp", number(300)),
        ("iat", number(-200)),
    ];
    match profile {
        Profile::AccessToken => claims.extend([
            ("client_id", text(TEXTS[3])),
            ("jti", text("j")),
            ("scope", text("orders:read orders:write")),
        ]),
        Profile::IdToken => claims.extend([
            ("nonce", text("n-1")),
            ("acr", text("urn:acr:2")),
            ("auth_time", number(-200)),
            ("at_hash", Claim::Hash(Text("access token".into()))),
            ("c_hash", Claim::Hash(Text("code".into()))),
        ]),
        Profile::LogoutToken => claims.extend([("jti", text("j")), ("events", Claim::Logout(true))]),
        _ => {}
    }
    claims
}
