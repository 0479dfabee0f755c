//! Keeps the server answering whatever a handler does.

use std::any::Any;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::FutureExt;
use tower::Service;
use tower_lsp::jsonrpc::{Error, ErrorCode, Request, Response};

use super::ending::Ending;

/// A service that answers a request whose handler panicked with an internal
/// error, where the library would go deaf.
#[derive(Debug)]
pub(super) struct Guard<S> {
    service: S,
    ending: Ending,
}

impl<S> Guard<S> {
    /// Tells `ending` of the client's `exit`.
    pub(super) fn new(service: S, ending: Ending) -> Self {
        Guard { service, ending }
    }
}

impl<S> Service<Request> for Guard<S>
where
    S: Service<Request, Response = Option<Response>>,
    S::Future: Send + 'static,
    S::Error: Send + 'static,
{
    type Response = Option<Response>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Option<Response>, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.service.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let method = request.method().to_owned();
        let id = request.id().cloned();
        if method == "exit" {
            self.ending.set();
        }
        let answer = AssertUnwindSafe(self.service.call(request)).catch_unwind();
        Box::pin(async move {
            answer.await.unwrap_or_else(|panic| {
                let message = format!("{method} failed, which is a mistake in svlsp: {}", reason(&*panic));
                tracing::error!("{message}");
                let error = Error { code: ErrorCode::InternalError, message: message.into(), data: None };
                Ok(id.map(|id| Response::from_error(id, error)))
            })
        })
    }
}

fn reason(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no reason given")
}
