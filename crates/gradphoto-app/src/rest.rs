//! The rest of a request: whoever still sends when the answer comes may find the connection closed and never read it.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use hyper::body::Frame;
use tokio::time::timeout;

/// A request that is answered may send its rest for so long.
const PATIENCE: Duration = Duration::from_secs(10);

/// Answers a request when all of it has come; of what was not asked for nothing is kept.
pub async fn read_away(request: Request, next: Next) -> Response {
    // Who waits to be asked for the body need not send it.
    let waits = request.headers().contains_key(header::EXPECT);
    let (head, body) = request.into_parts();
    let body = Shared(Arc::new(Mutex::new(body)));
    let rest = body.clone();
    let answer = next.run(Request::from_parts(head, Body::new(body))).await;
    if !waits && answer.status() != StatusCode::REQUEST_TIMEOUT {
        let read = async { while let Some(Ok(_)) = poll_fn(|context| rest.poll(context)).await {} };
        // What comes later than that is not waited for.
        let _ = timeout(PATIENCE, read).await;
    }
    answer
}

/// A body that two may read.
#[derive(Clone)]
struct Shared(Arc<Mutex<Body>>);

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Body> {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn poll(&self, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut *self.lock()).poll_frame(context)
    }
}

impl HttpBody for Shared {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.poll(context)
    }
}
