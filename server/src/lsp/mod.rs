//! The language server: the protocol around what `svlsp_core` knows.
//!
//! Nothing is decided here. A document's changes are applied in the order in
//! which they come, before anything else is done with them; every answer is
//! made from one version of the text, and by a pure function of the core.

mod capabilities;
mod clock;
mod configuration;
mod convert;
mod diagnose;
mod document;
mod elsewhere;
mod ending;
mod guard;
mod handlers;
mod mentions;
mod paint;
mod position;
mod publish;
mod server;
mod settings;
mod sheet;
mod state;
mod view;
mod world;

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::runtime;
use tower_lsp::LspService;

use ending::Ending;
use guard::Guard;
use server::Server;

/// How many requests and notifications may be under way. Some wait for the client or for the folders
/// to be read, and must not keep others from being answered.
const CONCURRENCY: usize = 64;

/// Where the client is.
#[derive(Clone, Copy, Debug)]
pub enum Channel {
    /// At standard input and output.
    Stdio,
    /// At this port of the loopback interface: the first one to connect. Port 0
    /// takes any that is free; which one is said on standard error.
    Socket(u16),
}

/// Serves one client to its end; whether it took its leave as it should, by `shutdown` first.
///
/// # Errors
///
/// When the port can't be listened at.
pub fn serve(channel: Channel) -> io::Result<bool> {
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::WARN)
        .with_writer(io::stderr)
        .with_ansi(false)
        .without_time()
        .init();
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let clean = runtime.block_on(async {
        match channel {
            Channel::Stdio => Ok(talk(tokio::io::stdin(), tokio::io::stdout()).await),
            Channel::Socket(port) => {
                let listener = TcpListener::bind(("127.0.0.1", port)).await;
                let listener =
                    listener.map_err(|error| io::Error::new(error.kind(), format!("127.0.0.1:{port}: {error}")))?;
                eprintln!("svlsp: listening at {}", listener.local_addr()?);
                let (stream, _) = listener.accept().await?;
                let (input, output) = stream.into_split();
                Ok(talk(input, output).await)
            }
        }
    });
    // A read of standard input that nobody waits for any more must not hold us up.
    runtime.shutdown_background();
    clean
}

async fn talk(input: impl AsyncRead + Unpin, output: impl AsyncWrite) -> bool {
    let clean = Arc::new(AtomicBool::new(false));
    let told = clean.clone();
    let (service, socket) = LspService::build(move |client| Server::new(client, told))
        .custom_method("svlsp/preview", Server::preview)
        .custom_method("svlsp/summary", Server::summary)
        .finish();
    let ending = Ending::default();
    let server = tower_lsp::Server::new(ending.watch(input), output, socket).concurrency_level(CONCURRENCY);
    let conversation = server.serve(Guard::new(service, ending.clone()));
    // The library waits for the answers to all that was asked; nobody gives them any more.
    future::select(pin!(conversation), pin!(ending.wait())).await;
    clean.load(Ordering::Relaxed)
}
