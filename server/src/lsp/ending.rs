//! Notices that the conversation is over, though a question to the client may still wait for its answer.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, ReadBuf};
use tokio::sync::Notify;

/// How long what has been said may take to get out.
const FLUSH: Duration = Duration::from_millis(200);

/// Set when the client has said `exit`, or says nothing any more.
#[derive(Clone, Debug, Default)]
pub(super) struct Ending(Arc<Notify>);

/// Input whose end is noticed.
#[derive(Debug)]
pub(super) struct Watched<R> {
    input: R,
    ending: Ending,
}

impl Ending {
    /// The client has gone.
    pub(super) fn set(&self) {
        self.0.notify_one();
    }

    /// Waits until it has gone, and then until all that was said is out.
    pub(super) async fn wait(&self) {
        self.0.notified().await;
        tokio::time::sleep(FLUSH).await;
    }

    /// Watches the client's side.
    pub(super) fn watch<R>(&self, input: R) -> Watched<R> {
        Watched { input, ending: self.clone() }
    }
}

impl<R: AsyncRead + Unpin> AsyncRead for Watched<R> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.input).poll_read(cx, buffer);
        let over = match &read {
            Poll::Ready(Ok(())) => buffer.filled().len() == before && buffer.remaining() > 0,
            Poll::Ready(Err(_)) => true,
            Poll::Pending => false,
        };
        if over {
            self.ending.set();
        }
        read
    }
}
