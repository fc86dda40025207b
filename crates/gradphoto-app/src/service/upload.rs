//! A photo as it comes: as the body itself or in a form.

use axum::body::HttpBody;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{StatusCode, header};

use super::desk::{Counted, Desk};
use super::{BODY_MAX, FORM_MAX};
use crate::percent;
use crate::refusal::{Refusal, is_kind};
use crate::rest;

/// The name that the description gives the photo of a form.
const PART: &str = "photo";
/// What belongs in the address.
const ASKED: [&str; 2] = ["profile", "name"];
/// What programs call a file that has no name: browsers, HTTPX.
const MADE_UP: [&str; 2] = ["blob", "upload"];

/// A photo that has come whole.
pub struct Upload {
    /// What the form calls its file.
    pub name: Option<String>,
    pub bytes: Vec<u8>,
    /// What the photo takes of the desk's room.
    pub room: Counted,
}

impl Upload {
    /// Receives the photo of a request; of a form the one part that is a file, or has the name of one, and is not empty.
    pub async fn receive(request: Request, desk: &Desk) -> Result<Upload, Refusal> {
        let mut upload = Upload { name: None, bytes: Vec::new(), room: desk.room() };
        let is_form = is_kind(request.headers(), "multipart/form-data");
        let most = if is_form { BODY_MAX + FORM_MAX } else { BODY_MAX };
        // Before anything is read, for whoever asks first whether to send it.
        if request.body().size_hint().lower() > most as u64 {
            return Err(too_large());
        }
        if is_form {
            let form = Multipart::from_request(request, &()).await;
            let mut form = form.map_err(|error| unread(error.body_text()))?;
            while let Some(mut part) = form.next_field().await.map_err(refused)? {
                let asked = part.name().and_then(|name| ASKED.iter().find(|asked| asked.eq_ignore_ascii_case(name)));
                asked.map_or(Ok(()), |name| Err(in_the_form(name)))?;
                let name = file_name(&part);
                if name.is_none() && part.name() != Some(PART) {
                    continue;
                }
                let is_second = !upload.bytes.is_empty();
                if !is_second {
                    let is_made_up =
                        |name: &str| MADE_UP.contains(&name) || !name.contains('.') && part.name() == Some(name);
                    upload.name = name.filter(|name| !is_made_up(name));
                }
                while let Some(piece) = part.chunk().await.map_err(refused)? {
                    if is_second && !piece.is_empty() {
                        return Err(Refusal::bad(
                            "一次只交一张照片，几张请分几次请求。",
                            "One photo a request: send each in a request of its own.",
                        ));
                    }
                    upload.add(&piece, desk)?;
                }
            }
        } else {
            let mut body = request.into_body();
            while let Some(frame) = rest::next_frame(&mut body).await {
                let frame = frame.map_err(|_| Refusal::bad("照片没有传完。", "The photo did not come whole."))?;
                frame.data_ref().map_or(Ok(()), |piece| upload.add(piece, desk))?;
            }
        }
        if upload.bytes.is_empty() {
            return Err(Refusal::bad("请求里没有照片。", "There is no photo in the request."));
        }
        Ok(upload)
    }

    fn add(&mut self, piece: &[u8], desk: &Desk) -> Result<(), Refusal> {
        if self.bytes.len() + piece.len() > BODY_MAX {
            return Err(too_large());
        }
        desk.widen(&mut self.room, piece.len())?;
        self.bytes.extend_from_slice(piece);
        Ok(())
    }
}

/// What a part calls its file; some libraries write what is not ASCII as RFC 5987 says. What is not UTF-8 has replacement characters.
fn file_name(part: &Field<'_>) -> Option<String> {
    let head = String::from_utf8_lossy(part.headers().get(header::CONTENT_DISPOSITION)?.as_bytes());
    let after = |key| head.split_once(key).and_then(|(_, name)| name.split(';').next()).map(str::trim);
    let extended = after("filename*=").and_then(|name| name.rsplit('\'').next()).map(percent::decoded);
    let extended = extended.map(|name| String::from_utf8_lossy(&name).into_owned());
    let plain =
        || part.file_name().or_else(|| after("filename=").map(|name| name.trim_matches('"'))).map(str::to_owned);
    extended.or_else(plain)
}

fn refused(error: MultipartError) -> Refusal {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE { too_large() } else { unread(error.body_text()) }
}

/// What is asked for is not sought in the form, and must not seem to be.
fn in_the_form(name: &str) -> Refusal {
    Refusal::bad(format!("{name} 请写在地址里：?{name}=…。"), format!("{name} belongs in the address: ?{name}=..."))
}

fn unread(why: String) -> Refusal {
    let zh = "表单读不出来：Content-Type 里要写 boundary，每一部分都要完整；请用程序库或 curl -F 生成表单。";
    Refusal::bad(zh, why)
}

fn too_large() -> Refusal {
    let most = BODY_MAX >> 20;
    let status = StatusCode::PAYLOAD_TOO_LARGE;
    Refusal::new(status, format!("照片超过 {most} MB。"), format!("The photo is larger than {most} MB."))
}
