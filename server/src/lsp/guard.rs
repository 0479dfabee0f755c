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

#[cfg(test)]
mod tests {
    use std::future::{self, Ready};

    use tower_lsp::jsonrpc::Id;

    use super::*;

    /// Panics at `bad`.
    struct Panicky;

    impl Service<Request> for Panicky {
        type Response = Option<Response>;
        type Error = ();
        type Future = Pin<Box<dyn Future<Output = Result<Option<Response>, ()>> + Send>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ()>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, request: Request) -> Self::Future {
            let good: Ready<_> = future::ready(Ok(None));
            match request.method() {
                "bad" => Box::pin(async { panic!("out of luck") }),
                _ => Box::pin(good),
            }
        }
    }

    #[test]
    fn a_panic_is_an_answer_and_the_next_one_is_as_usual() {
        let mut guard = Guard::new(Panicky, Ending::default());
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let bad = guard.call(Request::build("bad").id(7).finish());
        let answer = runtime.block_on(bad).unwrap().expect("a request is answered");
        let (id, result) = answer.into_parts();
        let error = result.expect_err("an error");
        assert_eq!((id, error.code), (Id::Number(7), ErrorCode::InternalError));
        assert_eq!(error.message, "bad failed, which is a mistake in svlsp: out of luck");
        let notification = guard.call(Request::build("bad").finish());
        assert!(runtime.block_on(notification).unwrap().is_none());
        let good = guard.call(Request::build("good").id(8).finish());
        assert!(runtime.block_on(good).unwrap().is_none());
    }
}
