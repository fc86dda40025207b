//! The service: photos by HTTP, for programs. Nothing is kept; any number of machines can stand behind one address.

mod connections;
mod counts;
mod desk;
mod upload;

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use anyhow::ensure;
use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{DefaultBodyLimit, Query, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use gradphoto::{Checker, Error, Profile, Source};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::sleep;

use crate::guard::is_same;
use crate::kind::MakeChecker;
use crate::refusal::{Json, Refusal, unheard};
use crate::rest;
use crate::rules::rows;
use connections::until;
use counts::Counts;
use desk::Desk;
use upload::Upload;

/// What every service says of itself, OpenAPI 3.1; the profiles that it has are still lacking.
const OPENAPI: &str = include_str!("openapi.json");

/// The largest photo that is taken.
pub const BODY_MAX: usize = 32 << 20;
/// What a form may take beside its photo.
const FORM_MAX: usize = 1 << 20;
/// What a photo is called that came without a name: nobody chose its extension, so nothing is wrong with it.
pub const UNNAMED: &str = "photo.jpg";
/// A photo that has not come whole by then is given up.
const BODY_PATIENCE: Duration = Duration::from_secs(30);
/// The same where the service stops.
const LAST_PATIENCE: Duration = Duration::from_secs(5);

struct Service {
    checker: Checker,
    /// The one asked for, then those that are built in.
    profiles: Vec<Profile>,
    openapi: Value,
    token: Option<String>,
    desk: Desk,
    counts: Counts,
    /// Turns true when it is time to stop.
    stopping: watch::Receiver<bool>,
}

/// Serves `profile`, and every built-in profile by name, until `stop` is done; photos in work are finished first, and what
/// does not come whole in time is given up.
///
/// # Errors
/// The address is taken; it can be reached from other machines and there is no token; no engine starts.
pub fn serve(
    address: SocketAddr,
    token: Option<String>,
    profile: &Profile,
    make: &MakeChecker,
    ready: impl FnOnce(SocketAddr),
    stop: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    ensure!(
        address.ip().is_loopback() || token.is_some(),
        Refusal::bad(
            format!("{address} 可以从其他机器访问，请用 --token-file 指定令牌文件。"),
            format!("Other machines reach {address}: give --token-file."),
        )
    );
    // What clients may send as one.
    ensure!(
        token.as_ref().is_none_or(|token| token.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ')),
        Refusal::bad(
            "令牌（--token-file）只能是一行英文字母、数字和符号。",
            "The token (--token-file) must be one line of ASCII letters, digits and signs."
        )
    );
    ensure!(
        token.as_ref().is_none_or(|token| token.len() >= 16),
        Refusal::bad(
            "令牌（--token-file）太短，至少 16 个字符。",
            "The token (--token-file) is too short: 16 characters at least."
        )
    );
    let others = Profile::names().filter(|name| *name != profile.name()).map(Profile::built_in);
    let profiles = std::iter::once(Ok(profile.clone())).chain(others).collect::<Result<Vec<_>, _>>()?;
    let cores = available_parallelism().map_or(1, usize::from);
    let (stopper, stopping) = watch::channel(false);
    let service = Arc::new(Service {
        checker: make(profile.clone())?,
        openapi: description(&profiles)?,
        profiles,
        token,
        desk: Desk::new(cores, BODY_MAX),
        counts: Counts::default(),
        stopping: stopping.clone(),
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async move {
        let listener = TcpListener::bind(address).await.map_err(|error| unheard(address, &error))?;
        ready(listener.local_addr()?);
        tokio::spawn(async move {
            stop.await;
            stopper.send_replace(true);
        });
        connections::serve(listener, routes(service), stopping).await;
        Ok(())
    })
}

/// The description of a service that has these profiles.
fn description(profiles: &[Profile]) -> anyhow::Result<Value> {
    let mut description = serde_json::from_str::<Value>(OPENAPI)?;
    description["components"]["schemas"]["ProfileName"]["enum"] = profiles.iter().map(Profile::name).collect();
    Ok(description)
}

fn routes(service: Arc<Service>) -> Router {
    let guarded = Router::new()
        .route("/v1/check", post(check))
        .route("/v1/rules", get(rules))
        .route("/v1/profiles", get(profiles))
        .route("/metrics", get(metrics))
        .layer(middleware::from_fn_with_state(Arc::clone(&service), authorised));
    guarded
        .route("/healthz", get(|| async { Json(json!({"status": "ok"})) }))
        .route("/openapi.json", get(openapi))
        .fallback(|| async {
            Refusal::new(StatusCode::NOT_FOUND, "没有这个地址。", "There is no such address.")
        })
        .method_not_allowed_fallback(|| async {
            Refusal::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "这个地址不支持该方法。",
                "This address does not support that method.",
            )
        })
        .layer(DefaultBodyLimit::max(BODY_MAX + FORM_MAX))
        .layer(middleware::from_fn(rest::read_away))
        .with_state(service)
}

async fn authorised(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response {
    let given = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let given = given.and_then(|value| value.split_once(' '));
    let given = given.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, given)| given.trim());
    match &service.token {
        Some(token) if !given.is_some_and(|given| is_same(given, token)) => {
            let refusal =
                Refusal::new(StatusCode::UNAUTHORIZED, "缺少令牌或令牌不对。", "The token is missing or wrong.");
            ([(header::WWW_AUTHENTICATE, "Bearer")], refusal).into_response()
        }
        _ => next.run(request).await,
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckQuery {
    profile: Option<String>,
    name: Option<String>,
}

async fn check(
    State(service): State<Arc<Service>>,
    query: Result<Query<CheckQuery>, QueryRejection>,
    request: Request,
) -> Response {
    let began = Instant::now();
    let answer = async {
        let Query(query) = query.map_err(|error| unasked(&error, "profile 和 name"))?;
        let place = service.place_of(query.profile.as_deref())?;
        let Upload { name: sent_name, bytes, room } = tokio::select! {
            upload = Upload::receive(request, &service.desk) => upload?,
            () = service.patience() => return Err(late()),
        };
        let held = service.desk.take()?;
        let is_given = |name: &String| !name.trim().is_empty();
        let name = query.name.filter(is_given).or(sent_name.filter(is_given)).unwrap_or_else(|| UNNAMED.to_owned());
        if name.contains(char::REPLACEMENT_CHARACTER) {
            return Err(garbled(&name));
        }
        let worker = Arc::clone(&service);
        let check = move || {
            let _until_done = room;
            let evidence = worker.checker.see(Source::Bytes(name, bytes))?;
            Ok::<_, Error>(worker.profiles[place].judge(&evidence))
        };
        Ok::<_, Refusal>(service.desk.work(held, check).await??.to_json())
    };
    let answer = answer.await;
    service.counts.count(&answer, began.elapsed());
    match answer {
        Ok(json) => ([(header::CONTENT_TYPE, "application/json")], json).into_response(),
        Err(refusal) if refusal.status == StatusCode::SERVICE_UNAVAILABLE => {
            ([(header::RETRY_AFTER, HeaderValue::from_static("1"))], refusal).into_response()
        }
        Err(refusal) => refusal.into_response(),
    }
}

/// A query that has more than these, which would be judged by another standard than its sender thinks.
fn unasked(error: &QueryRejection, known: &str) -> Refusal {
    Refusal::bad(format!("查询参数有误：问号后面只能写 {known}，各一次。"), error.body_text())
}

/// A name that is not what its sender wrote: students would be told by it.
fn garbled(name: &str) -> Refusal {
    Refusal::bad(
        format!("文件名（{name}）不是 UTF-8：请用 UTF-8 发送，或写在地址里：?name=…。"),
        format!("The file's name ({name}) is not UTF-8: send it in UTF-8, or in the address: ?name=..."),
    )
}

fn late() -> Refusal {
    let status = StatusCode::REQUEST_TIMEOUT;
    Refusal::new(status, "照片没有传完。", "The photo was not received completely in time.")
}

impl Service {
    /// Done when a photo that comes has had its time.
    async fn patience(&self) {
        let mut stopping = self.stopping.clone();
        let last = async {
            until(&mut stopping).await;
            sleep(LAST_PATIENCE).await;
        };
        tokio::select! {
            () = sleep(BODY_PATIENCE) => {}
            () = last => {}
        }
    }

    fn place_of(&self, profile: Option<&str>) -> Result<usize, Refusal> {
        let Some(wanted) = profile else { return Ok(0) };
        if wanted.is_empty() {
            return Err(Refusal::bad(
                "profile 后面没有写标准的名称：请写上（见 /v1/profiles），或去掉 profile。",
                "profile names no profile: write one of /v1/profiles, or leave profile out.",
            ));
        }
        self.profiles.iter().position(|profile| profile.name() == wanted).ok_or_else(|| {
            Refusal::bad(
                format!("没有名为 {wanted} 的标准，见 /v1/profiles。"),
                format!("There is no profile {wanted}; see /v1/profiles."),
            )
        })
    }
}

async fn metrics(State(service): State<Arc<Service>>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], service.counts.metrics(&service.desk))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RulesQuery {
    profile: Option<String>,
}

async fn rules(
    State(service): State<Arc<Service>>,
    query: Result<Query<RulesQuery>, QueryRejection>,
) -> Result<Json<Value>, Refusal> {
    let Query(query) = query.map_err(|error| unasked(&error, "profile"))?;
    let profile = &service.profiles[service.place_of(query.profile.as_deref())?];
    Ok(Json(json!(rows(profile))))
}

async fn openapi(State(service): State<Arc<Service>>) -> Json<Value> {
    Json(service.openapi.clone())
}

async fn profiles(State(service): State<Arc<Service>>) -> Json<Value> {
    let profiles = service.profiles.iter().map(|profile| {
        let standard = profile.standard();
        json!({
            "name": profile.name(),
            "title": profile.title(),
            "standard": {"title": standard.title, "number": standard.number},
            "sha256": profile.sha256(),
        })
    });
    Json(profiles.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_description_names_the_profiles_in_force() {
        let ours = Profile::from_toml("ours", "extends = 'graduation-blue'").unwrap();
        let described = description(&[ours, Profile::built_in("degree").unwrap()]).unwrap();
        assert_eq!(described["components"]["schemas"]["ProfileName"]["enum"], json!(["ours", "degree"]));
        let parameters = |path: &str, method: &str| described["paths"][path][method]["parameters"][0]["schema"].clone();
        let name = json!({"$ref": "#/components/schemas/ProfileName"});
        assert_eq!([parameters("/v1/check", "post"), parameters("/v1/rules", "get")], [name.clone(), name]);
    }
}
