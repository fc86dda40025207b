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
use hyper::body::{Frame, SizeHint};
use tokio::time::timeout;

/// A request that is answered may send its rest for so long.
const PATIENCE: Duration = Duration::from_secs(10);

/// Answers a request when all of it has come; of what was not asked for nothing is kept.
pub async fn read_away(request: Request, next: Next) -> Response {
    let waits = request.headers().contains_key(header::EXPECT);
    let (head, body) = request.into_parts();
    let body = Shared(Arc::new(Mutex::new((body, false))));
    let mut rest = body.clone();
    let answer = next.run(Request::from_parts(head, Body::new(body))).await;
    // Who waits to be asked for the body need not send it.
    let is_sent = !waits || rest.is_asked();
    if is_sent && answer.status() != StatusCode::REQUEST_TIMEOUT {
        let read = async { while let Some(Ok(_)) = next_frame(&mut rest).await {} };
        // What comes later than that is not waited for.
        let _ = timeout(PATIENCE, read).await;
    }
    answer
}

/// The next piece of a body; `None` behind the last.
pub async fn next_frame<B: HttpBody + Unpin>(body: &mut B) -> Option<Result<Frame<B::Data>, B::Error>> {
    poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await
}

/// A body that two may read, and whether it has been asked for.
#[derive(Clone)]
struct Shared(Arc<Mutex<(Body, bool)>>);

impl Shared {
    fn lock(&self) -> MutexGuard<'_, (Body, bool)> {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn is_asked(&self) -> bool {
        self.lock().1
    }
}

impl HttpBody for Shared {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let (body, is_asked) = &mut *self.lock();
        *is_asked = true;
        Pin::new(body).poll_frame(context)
    }

    fn size_hint(&self) -> SizeHint {
        self.lock().0.size_hint()
    }
}
