//! What is refused, in words for people.

use std::path::Path;
use std::{fmt, io};

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use gradphoto::{ErrorKind, Reason};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::store::{STORE_NAME, unkept};

/// Why something was not done: a status for programs, a sentence for people.
#[derive(Debug)]
pub struct Refusal {
    /// For programs.
    pub status: StatusCode,
    /// For people: what is wrong and what to do.
    pub words: Reason,
}

impl Refusal {
    /// A refusal in both languages.
    pub fn new(status: StatusCode, zh: impl Into<String>, en: impl Into<String>) -> Refusal {
        Refusal { status, words: Reason::new(zh, en) }
    }

    /// What was asked for makes no sense.
    pub fn bad(zh: impl Into<String>, en: impl Into<String>) -> Refusal {
        Refusal::new(StatusCode::BAD_REQUEST, zh, en)
    }

    /// There is no such thing.
    pub fn unknown() -> Refusal {
        Refusal::new(StatusCode::NOT_FOUND, "没有这一项，请刷新页面。", "There is no such item; reload the page.")
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words.en)
    }
}

impl std::error::Error for Refusal {}

impl From<anyhow::Error> for Refusal {
    fn from(error: anyhow::Error) -> Refusal {
        // SQLite's own error has a cause of another type.
        let Reason { zh, en } = match error.chain().find_map(|cause| cause.downcast_ref()).map(unkept) {
            Some(Reason { zh, en }) => Reason {
                zh: format!("{STORE_NAME} 不能使用：{zh}"),
                en: format!("{STORE_NAME} cannot be used: {en}"),
            },
            None => Reason { zh: format!("程序出错：{error:#}"), en: format!("The program failed: {error:#}") },
        };
        Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, format!("{zh}。"), format!("{en}."))
    }
}

impl From<gradphoto::Error> for Refusal {
    fn from(error: gradphoto::Error) -> Refusal {
        let status = match error.kind() {
            ErrorKind::Read | ErrorKind::Decode => StatusCode::UNPROCESSABLE_ENTITY,
            ErrorKind::Profile => StatusCode::BAD_REQUEST,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Refusal { status, words: error.reason().clone() }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, Json(json!({"error": self.words}))).into_response()
    }
}

/// JSON, asked and answered.
pub struct Json<T>(pub T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(json) => ([(header::CONTENT_TYPE, "application/json")], json).into_response(),
            Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
        }
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Json<T>, Refusal> {
        // Forms of other sites can send any text but no such head without being asked for leave.
        if !is_kind(request.headers(), "application/json") {
            return Err(Refusal::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "请求应为 JSON。",
                "The request must be JSON.",
            ));
        }
        let bytes = Bytes::from_request(request, state).await;
        let bytes = bytes.map_err(|error| Refusal::new(error.status(), "请求没有收全。", error.body_text()))?;
        let read = serde_json::from_slice(&bytes);
        read.map(Json).map_err(|error| Refusal::bad(format!("请求有误：{error}"), error.to_string()))
    }
}

/// Whether a body is of this kind, by its head.
pub fn is_kind(headers: &HeaderMap, kind: &str) -> bool {
    let given = headers.get(header::CONTENT_TYPE).and_then(|given| given.to_str().ok()).unwrap_or_default();
    given.split(';').next().is_some_and(|given| given.trim().eq_ignore_ascii_case(kind))
}

/// An address that cannot be listened on.
pub fn unheard(address: impl fmt::Display, error: &io::Error) -> Refusal {
    let Reason { zh, en } = Reason::of_system(error);
    Refusal::bad(format!("无法使用 {address}（{zh}）。"), format!("{address} cannot be listened on ({en})."))
}

/// A file that cannot be read.
pub fn unread(path: &Path, error: &io::Error) -> Refusal {
    let (path, Reason { zh, en }) = (path.display(), Reason::of_system(error));
    Refusal::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        format!("打不开 {path}（{zh}）。"),
        format!("Cannot read {path} ({en})."),
    )
}

/// A file that cannot be written.
pub fn unwritten(path: &Path, error: &io::Error) -> Refusal {
    let (path, Reason { zh, en }) = (path.display(), Reason::of_system(error));
    Refusal::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        format!("无法写入 {path}（{zh}）。"),
        format!("Cannot write {path} ({en})."),
    )
}

#[cfg(test)]
mod tests {
    use rusqlite::{Connection, OpenFlags};

    use super::*;

    #[test]
    fn a_store_that_cannot_be_written_is_told_in_words() {
        let path = std::env::temp_dir().join(format!("gradphoto-read-only-{}.sqlite", std::process::id()));
        Connection::open(&path).unwrap().execute_batch("CREATE TABLE IF NOT EXISTS a (b)").unwrap();
        let store = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        let error = anyhow::Error::from(store.execute("INSERT INTO a VALUES (1)", []).unwrap_err());
        let words = Refusal::from(error.context("a photo")).words;
        assert!(words.zh.starts_with("gradphoto.sqlite 不能使用：它只能读取"), "{words:?}");
        assert!(words.en.contains("read-only") && !words.zh.contains("Error"), "{words:?}");
        drop(store);
        std::fs::remove_file(&path).unwrap();
    }
}
