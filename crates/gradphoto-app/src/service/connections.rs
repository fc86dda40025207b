//! Connections: how long a request may take to come, and what becomes of it when the service stops.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::serve::Listener;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;

/// A connection is ended where no whole head of a request has come for so long.
const HEAD_PATIENCE: Duration = Duration::from_secs(15);
/// A connection on which nothing is asked when the service stops has this time to end by itself.
const LAST_WORD: Duration = Duration::from_secs(1);

/// Answers until `stopping` turns true; what has been asked by then is answered first.
pub async fn serve(mut listener: TcpListener, routes: Router, stopping: watch::Receiver<bool>) {
    let mut connections = JoinSet::new();
    let mut stop = stopping.clone();
    let mut stopped = pin!(until(&mut stop));
    loop {
        tokio::select! {
            (stream, _) = Listener::accept(&mut listener) => {
                connections.spawn(answer(stream, routes.clone(), stopping.clone()));
            }
            Some(_) = connections.join_next() => {}
            () = &mut stopped => break,
        }
    }
    drop(listener);
    connections.join_all().await;
}

/// Done when it is time to stop.
pub async fn until(stopping: &mut watch::Receiver<bool>) {
    // Where nobody is left to say so, it is.
    let _ = stopping.wait_for(|is_so| *is_so).await;
}

async fn answer(stream: TcpStream, routes: Router, mut stopping: watch::Receiver<bool>) {
    let is_asked = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&is_asked);
    let routes = TowerToHyperService::new(routes);
    let service = service_fn(move |request: Request<Incoming>| {
        asked.store(true, Ordering::Relaxed);
        let (asked, answer) = (Arc::clone(&asked), routes.call(request));
        async move {
            let answer = answer.await;
            asked.store(false, Ordering::Relaxed);
            answer
        }
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_PATIENCE);
    let mut connection = pin!(http.serve_connection(TokioIo::new(stream), service));
    tokio::select! {
        _ = connection.as_mut() => return,
        () = until(&mut stopping) => connection.as_mut().graceful_shutdown(),
    }
    while timeout(LAST_WORD, connection.as_mut()).await.is_err() && is_asked.load(Ordering::Relaxed) {}
}
