//! Who may ask: whoever knows the secret of this start, from the page itself.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use crate::refusal::Refusal;

/// What a browser may load into the page: the page's own files, pictures made from memory, nothing from elsewhere, and no
/// script or style that stands in the page itself.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; \
    connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

fn headers_of_answers() -> [(HeaderName, &'static str); 7] {
    [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(self), microphone=(), geolocation=()"),
    ]
}

/// A word that nobody can guess.
///
/// # Errors
/// The system has no random numbers.
pub fn secret() -> anyhow::Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("no random numbers: {error}"))?;
    Ok(hex(&bytes))
}

/// Lower-case hex digits of `bytes`.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether two words are the same; how long that takes tells nothing of them.
pub fn is_same(one: &str, other: &str) -> bool {
    Sha256::digest(one) == Sha256::digest(other)
}

/// Answers only what the page at this port asks: a name that was bound to this machine by others, a form or script of another
/// site are refused. Every answer tells the browser what it may load.
pub async fn local(port: u16, request: Request, next: Next) -> Response {
    let mut answer = if is_own(port, request.headers()) {
        next.run(request).await
    } else {
        Refusal::new(StatusCode::FORBIDDEN, "只有本页面可以访问。", "Only the page itself may ask.").into_response()
    };
    for (name, value) in headers_of_answers() {
        answer.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    answer
}

fn is_own(port: u16, headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let hosts = ["127.0.0.1", "localhost", "[::1]"].map(|host| format!("{host}:{port}"));
    let Some(host) = text("host").filter(|host| hosts.iter().any(|own| own == host)) else { return false };
    let is_own_origin = text("origin").is_none_or(|origin| origin == format!("http://{host}"));
    let is_own_site = text("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"));
    is_own_origin && is_own_site
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        lines.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn only_the_page_itself_may_ask() {
        let asks = |lines: &[(&'static str, &'static str)]| is_own(7, &headers(lines));
        assert!(asks(&[("host", "127.0.0.1:7")]));
        assert!(asks(&[("host", "localhost:7"), ("origin", "http://localhost:7"), ("sec-fetch-site", "same-origin")]));
        for refused in [
            &[][..],
            &[("host", "127.0.0.1:8")],
            &[("host", "127.0.0.1")],
            &[("host", "evil.example:7")],
            &[("host", "127.0.0.1:7"), ("origin", "http://evil.example")],
            &[("host", "127.0.0.1:7"), ("origin", "null")],
            &[("host", "127.0.0.1:7"), ("origin", "http://localhost:7")],
            &[("host", "127.0.0.1:7"), ("sec-fetch-site", "cross-site")],
            &[("host", "127.0.0.1:7"), ("sec-fetch-site", "same-site")],
        ] {
            assert!(!asks(refused), "{refused:?}");
        }
    }

    #[test]
    fn secrets_differ_and_are_compared_whole() {
        let (one, other) = (secret().unwrap(), secret().unwrap());
        assert!(one.len() == 32 && one != other);
        assert!(is_same(&one, &one.clone()) && !is_same(&one, &other) && !is_same(&one, &one[..31]));
    }
}
