//! The page on this machine: what it may ask, and the start of it.

use std::collections::HashMap;
use std::future::{Future, IntoFuture};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path as Part, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Router, middleware};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use gradphoto::{Language, Photo, Profile, Source, annotate};
use image::codecs::jpeg::JpegEncoder;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::app::{App, Limits, Saying, with_limits};
use crate::capture::look;
use crate::folders::folders_at;
use crate::kind::{ByKind, Kind};
use crate::refusal::{Json, Refusal, is_kind, unheard};
use crate::service::UNNAMED;
use crate::{guard, known, page, percent, picture, records, rest};

/// No photo of a camera and no roster is larger.
const BODY_MAX: usize = 64 << 20;
/// The page asks anew after so long, so that it notices when the program has gone.
const PATIENCE: Duration = Duration::from_secs(20);
/// Quality of pictures that are made for the page alone.
const JPEG_QUALITY: u8 = 90;
/// They fit into so much.
const SHOWN_PX: (u32, u32) = (1440, 1920);

type Answer<T> = Result<T, Refusal>;

/// The page at a port of this machine, before anybody has opened it.
pub struct Local {
    listener: std::net::TcpListener,
    secret: String,
    port: u16,
}

impl Local {
    /// Takes a port, any free one for 0, that only this machine reaches.
    ///
    /// # Errors
    /// The port is taken.
    pub fn bind(port: u16) -> anyhow::Result<Local> {
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let listener = std::net::TcpListener::bind(address).map_err(|error| unheard(address, &error))?;
        let port = listener.local_addr()?.port();
        Ok(Local { listener, secret: guard::secret()?, port })
    }

    /// Where the page is, with the secret of this start.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}/{}/", self.port, self.secret)
    }

    /// Answers until `stop` is done.
    ///
    /// # Errors
    /// The system ends the port.
    pub fn serve(self, app: Arc<App>, stop: impl Future<Output = ()> + Send + 'static) -> anyhow::Result<()> {
        self.listener.set_nonblocking(true)?;
        let port = self.port;
        let guarded = middleware::from_fn(move |request: Request, next: Next| guard::local(port, request, next));
        let routes = routes(&self.secret, app).layer(guarded);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let served = runtime.block_on(async move {
            let listener = TcpListener::from_std(self.listener)?;
            // Pages that wait for changes would hold the end up.
            tokio::select! {
                served = axum::serve(listener, routes).into_future() => served,
                () = stop => Ok(()),
            }
        });
        runtime.shutdown_timeout(Duration::from_secs(2));
        Ok(served?)
    }
}

fn routes(secret: &str, app: Arc<App>) -> Router {
    let at = |path: &str| format!("/{secret}/{path}");
    Router::new()
        .route(&at(""), get(|| async { ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page::INDEX) }))
        .route(&at("page/{*name}"), get(file))
        .route(&at("api/changes"), get(changes))
        .route(&at("api/check"), post(check))
        .route(&at("api/given"), get(given))
        .route(&at("api/draw"), post(draw))
        .route(&at("api/folders"), get(folders))
        .route(&at("api/open"), post(open))
        .route(&at("api/roster"), post(roster))
        .route(&at("api/roster-beside"), post(roster_beside))
        .route(&at("api/profile"), post(profile))
        .route(&at("api/run"), post(run))
        .route(&at("api/details/{id}"), get(details))
        .route(&at("api/picture/{id}"), get(small))
        .route(&at("api/photo/{id}"), get(photo))
        .route(&at("api/say"), post(say))
        .route(&at("api/export"), post(export))
        .route(&at("api/effect"), post(effect))
        .route(&at("api/limits"), post(limits))
        .route(&at("api/watch"), post(watch))
        .route(&at("api/now"), post(now))
        .route(&at("api/whose"), post(whose))
        .fallback(|| async { Refusal::unknown() })
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(middleware::map_response(in_words))
        .layer(middleware::from_fn(rest::read_away))
        .with_state(app)
}

async fn file(Part(name): Part<String>) -> Response {
    match page::FILES.iter().find(|(known, ..)| *known == name) {
        Some((_, kind, text)) => ([(header::CONTENT_TYPE, *kind)], *text).into_response(),
        None => Refusal::unknown().into_response(),
    }
}

#[derive(Deserialize)]
struct Since {
    #[serde(default)]
    since: u64,
}

async fn changes(State(app): State<Arc<App>>, Query(Since { since }): Query<Since>) -> Json<Value> {
    let mut stamps = app.changes();
    // Where the program was started anew the page knows more than there is.
    let is_behind = |stamp: &u64| *stamp != since;
    let _ = tokio::time::timeout(PATIENCE, stamps.wait_for(is_behind)).await;
    Json(blocking(move || app.since(since)).await.unwrap_or(Value::Null))
}

#[derive(Deserialize)]
struct HowToLook {
    kind: String,
    /// By which profile, if not the one in force.
    #[serde(default)]
    profile: String,
    /// Whether a picture is wanted that every browser shows.
    #[serde(default)]
    picture: bool,
}

async fn check(
    State(app): State<Arc<App>>,
    Query(how): Query<HowToLook>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Answer<Json<Value>> {
    let name = name_of(&headers);
    blocking(move || {
        let kind = Kind::of(&how.kind);
        let profile = app.profile_of(&how.profile)?;
        let (capture, source) = (kind.capture(&profile), Source::Bytes(name, bytes.to_vec()));
        let size_and_picture = |photo: &Photo| {
            let jpeg = if how.picture { picture::scaled(photo.pixels(), SHOWN_PX, JPEG_QUALITY) } else { None };
            ([photo.width_px(), photo.height_px()], jpeg.map(|jpeg| BASE64_STANDARD.encode(jpeg)))
        };
        let rules = records::rules(&profile);
        Ok(Json(match look(app.checker(), capture.as_ref(), source, size_and_picture) {
            Ok(looked) => {
                let (size, picture) = looked.made;
                let report = ByKind::new(&profile).of(kind).judge(&looked.measured);
                json!({
                    "verdict": report.verdict(),
                    "size": size,
                    "picture": picture,
                    "findings": records::findings(&report, &profile),
                    "rules": rules,
                    "error": null,
                })
            }
            Err(error) => {
                json!({"verdict": "unread", "size": null, "picture": null, "findings": [], "rules": rules, "error": error.reason()})
            }
        }))
    })
    .await?
}

/// The photo that the program was started with; its name stands in a header as the page sends it.
async fn given(State(app): State<Arc<App>>) -> Answer<Response> {
    blocking(move || {
        let photo = app.office.photo.as_deref().ok_or_else(Refusal::unknown)?;
        let name = photo.file_name().unwrap_or_default().to_string_lossy();
        let name = name.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
        Ok(([("x-photo-name", name)], known::read(photo)?).into_response())
    })
    .await?
}

#[derive(Deserialize)]
struct HowToDraw {
    language: String,
    #[serde(flatten)]
    look: HowToLook,
}

/// The language that the page names.
fn language_of(named: &str) -> Language {
    if named == "en" { Language::En } else { Language::Zh }
}

async fn draw(
    State(app): State<Arc<App>>,
    Query(how): Query<HowToDraw>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Answer<Response> {
    let name = name_of(&headers);
    blocking(move || {
        let (kind, profile) = (Kind::of(&how.look.kind), app.profile_of(&how.look.profile)?);
        let photo = || Source::Bytes(name.clone(), bytes.to_vec());
        let evidence = app.checker().see(photo())?;
        let profiles = ByKind::new(&profile);
        let report = match kind.capture(&profile) {
            Some(capture) => profiles.of(kind).judge(&look(app.checker(), Some(&capture), photo(), |_| ())?.measured),
            None => profiles.of(kind).judge(&evidence),
        };
        let drawn = annotate(&evidence, &report, language_of(&how.language));
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(&mut jpeg, JPEG_QUALITY)
            .encode_image(&drawn)
            .context("cannot compress the drawing")?;
        Ok(as_jpeg(jpeg))
    })
    .await?
}

#[derive(Deserialize)]
struct AtPath {
    #[serde(default)]
    path: String,
}

/// Folders to choose from: names of folders alone, never of files.
async fn folders(Query(AtPath { path }): Query<AtPath>) -> Answer<Json<Value>> {
    blocking(move || folders_at(&path).map(Json)).await?
}

#[derive(Deserialize)]
struct Folder {
    path: Option<String>,
}

async fn open(State(app): State<Arc<App>>, Json(Folder { path }): Json<Folder>) -> Answer<Json<Value>> {
    blocking(move || app.open(Path::new(path.as_deref().unwrap_or_default())).map(|()| Json(app.opened()))).await?
}

async fn watch(State(app): State<Arc<App>>, Json(Folder { path }): Json<Folder>) -> Answer<Json<Value>> {
    blocking(move || app.watch(path.as_deref().map(Path::new)).map(|()| Json(app.opened()))).await?
}

#[derive(Deserialize)]
struct Now {
    student: Option<usize>,
    /// What was scanned or typed in place of choosing.
    code: Option<String>,
    /// Department, major and class of whom is meant, those that are known.
    #[serde(default)]
    place: Vec<String>,
}

async fn now(State(app): State<Arc<App>>, Json(Now { student, code, place }): Json<Now>) -> Answer<Json<Value>> {
    blocking(move || {
        match code {
            Some(code) => app.scanned(&code, &place)?,
            None => app.choose(student),
        }
        Ok(Json(json!({})))
    })
    .await?
}

#[derive(Deserialize)]
struct Whose {
    photo: String,
    sha256: String,
    student: String,
}

async fn whose(
    State(app): State<Arc<App>>,
    Json(Whose { photo, sha256, student }): Json<Whose>,
) -> Answer<Json<Value>> {
    blocking(move || app.give(&photo, &sha256, &student).map(|()| Json(json!({})))).await?
}

async fn roster(State(app): State<Arc<App>>, headers: HeaderMap, bytes: Bytes) -> Answer<Json<Value>> {
    let name = name_of(&headers);
    blocking(move || app.take_roster(&name, &bytes).map(|file| Json(json!(file)))).await?
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

async fn roster_beside(State(app): State<Arc<App>>, Json(Named { name }): Json<Named>) -> Answer<Json<Value>> {
    blocking(move || app.take_roster_beside(&name).map(|file| Json(json!(file)))).await?
}

#[derive(Deserialize)]
struct ById {
    id: String,
}

async fn profile(State(app): State<Arc<App>>, Json(ById { id }): Json<ById>) -> Answer<Json<Value>> {
    blocking(move || {
        app.apply(app.profile_of(&id)?)?;
        Ok(Json(json!({})))
    })
    .await?
}

#[derive(Deserialize)]
struct Go {
    go: bool,
}

async fn run(State(app): State<Arc<App>>, Json(Go { go }): Json<Go>) -> Answer<Json<Value>> {
    blocking(move || app.run(go).map(|()| Json(json!({})))).await?
}

async fn details(State(app): State<Arc<App>>, Part(id): Part<usize>) -> Answer<Json<Value>> {
    blocking(move || app.details(id).map(Json)).await?
}

async fn small(State(app): State<Arc<App>>, Part(id): Part<usize>) -> Answer<Response> {
    blocking(move || app.small(id).map(as_jpeg)).await?
}

/// The photo itself, as a JPEG that every browser shows.
async fn photo(State(app): State<Arc<App>>, Part(id): Part<usize>) -> Answer<Response> {
    blocking(move || {
        let path = app.file(id)?;
        let photo = Photo::load(Source::from(path.as_path()))?;
        picture::scaled(photo.pixels(), SHOWN_PX, JPEG_QUALITY).map(as_jpeg).ok_or_else(Refusal::unknown)
    })
    .await?
}

async fn say(State(app): State<Arc<App>>, Json(saying): Json<Saying>) -> Answer<Json<Value>> {
    blocking(move || app.say(saying).map(|()| Json(json!({})))).await?
}

#[derive(Deserialize)]
struct InLanguage {
    language: Option<String>,
}

async fn export(State(app): State<Arc<App>>, Json(InLanguage { language }): Json<InLanguage>) -> Answer<Json<Value>> {
    let language = language.as_deref().map(language_of);
    blocking(move || app.export(language).map(|folder| Json(json!({"folder": folder.display().to_string()})))).await?
}

#[derive(Deserialize)]
struct NewLimits {
    limits: HashMap<String, Limits>,
}

async fn effect(State(app): State<Arc<App>>, Json(new): Json<NewLimits>) -> Answer<Json<Value>> {
    blocking(move || {
        let profile = changed(&app, &new)?;
        Ok(Json(app.effect(&profile)))
    })
    .await?
}

async fn limits(State(app): State<Arc<App>>, Json(new): Json<NewLimits>) -> Answer<Json<Value>> {
    blocking(move || {
        let profile = changed(&app, &new)?;
        let saved = app.save_profile(&profile)?;
        app.apply(Arc::new(profile))?;
        Ok(Json(json!({"saved": saved.display().to_string()})))
    })
    .await?
}

fn changed(app: &App, new: &NewLimits) -> Answer<Profile> {
    Ok(with_limits(&app.profile(), &new.limits)?)
}

/// Gives what was refused before anything here could word it the form of all refusals.
async fn in_words(answer: Response) -> Response {
    let status = answer.status();
    let is_refusal = status.is_client_error() || status.is_server_error();
    if !is_refusal || is_kind(answer.headers(), "application/json") {
        return answer;
    }
    let most = BODY_MAX >> 20;
    let (zh, en) = match status {
        StatusCode::PAYLOAD_TOO_LARGE => {
            (format!("文件超过 {most} MB。"), format!("The file is larger than {most} MB."))
        }
        _ => ("请求有误，请刷新页面。".to_owned(), "The request makes no sense; reload the page.".to_owned()),
    };
    Refusal::new(status, zh, en).into_response()
}

/// Name of the file that the page sends; as text alone, it is no path here.
fn name_of(headers: &HeaderMap) -> String {
    let given = headers.get("x-photo-name").and_then(|name| name.to_str().ok()).unwrap_or(UNNAMED);
    String::from_utf8_lossy(&percent::decoded(given)).replace(['/', '\\'], "_")
}

fn as_jpeg(jpeg: Vec<u8>) -> Response {
    // An address holds the hash of its photo: what it shows stays the same.
    ([(header::CONTENT_TYPE, "image/jpeg"), (header::CACHE_CONTROL, "private, max-age=3600")], jpeg).into_response()
}

/// Work that takes its time, beside the threads that answer.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Answer<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Refusal::from(anyhow::anyhow!("{error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_as_text_and_never_as_paths() {
        let named = |given: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert("x-photo-name", given.parse().unwrap());
            name_of(&headers)
        };
        assert_eq!(named("%E5%BC%A0%E4%B8%89.jpg"), "张三.jpg");
        assert_eq!(named("..%2F..%5Cetc%2Fpasswd"), ".._.._etc_passwd");
        assert_eq!(named("100%.jpg"), "100%.jpg");
    }
}
