//! A photo as it comes: as the body itself or in a form.

use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{StatusCode, header};

use super::BODY_MAX;
use super::desk::{Counted, Desk};
use crate::percent;
use crate::refusal::{Refusal, is_kind};
use crate::rest;

/// The name that the description gives the photo of a form.
const PART: &str = "photo";

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
        if is_kind(request.headers(), "multipart/form-data") {
            let form = Multipart::from_request(request, &()).await;
            let mut form = form.map_err(|error| unread(error.body_text()))?;
            while let Some(mut part) = form.next_field().await.map_err(refused)? {
                let name = file_name(&part);
                if name.is_none() && part.name() != Some(PART) {
                    let asked = part.name().filter(|name| ["profile", "name"].contains(name));
                    asked.map_or(Ok(()), |name| Err(in_the_form(name)))?;
                    continue;
                }
                let is_second = !upload.bytes.is_empty();
                if !is_second {
                    upload.name = name;
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

/// What a part calls its file; some libraries write what is not ASCII as RFC 5987 says.
fn file_name(part: &Field<'_>) -> Option<String> {
    let head = part.headers().get(header::CONTENT_DISPOSITION).and_then(|head| head.to_str().ok());
    let extended = head.and_then(|head| head.split_once("filename*=")).and_then(|(_, name)| name.split(';').next());
    let extended = extended.and_then(|name| name.trim().rsplit('\'').next()).map(percent::decoded);
    let extended = extended.map(|name| String::from_utf8_lossy(&name).into_owned());
    extended.or_else(|| part.file_name().map(str::to_owned))
}

fn refused(error: MultipartError) -> Refusal {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE { too_large() } else { unread(error.body_text()) }
}

/// What is asked for is not sought in the form, and must not seem to be.
fn in_the_form(name: &str) -> Refusal {
    Refusal::bad(format!("{name} 请写在地址里：?{name}=…。"), format!("{name} belongs in the address: ?{name}=..."))
}

fn unread(why: String) -> Refusal {
    Refusal::bad("表单读不出来。", why)
}

fn too_large() -> Refusal {
    let most = BODY_MAX >> 20;
    let status = StatusCode::PAYLOAD_TOO_LARGE;
    Refusal::new(status, format!("照片超过 {most} MB。"), format!("The photo is larger than {most} MB."))
}
