//! Addresses: where supervisord listens, and the sockets of FastCGI programs.

use super::number;
use super::python::is_blank;
use crate::values::{Context, Problem, whole};

/// A TCP port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Port {
    /// In small letters; empty: all addresses.
    pub host: String,
    /// 1 to 65535.
    pub port: u16,
}

/// The socket of a FastCGI program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Socket<'t> {
    /// `unix://`: an absolute path.
    Unix(&'t str),
    /// `tcp://`
    Tcp(Port),
}

/// Where a supervisord is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Url<'t> {
    /// Where its own servers listen.
    Auto,
    /// A socket at this path.
    Unix(&'t str),
    /// A web address, all of it.
    Http(&'t str),
    /// Anything else.
    Other(&'t str),
}

/// `9001`, `127.0.0.1:9001` or `*:9001`; the host isn't looked at (`inet_address`).
pub fn parse_port(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Option<Port> {
    let (host, number) = text.rsplit_once(':').unwrap_or(("", text));
    let port = number::port(number);
    if port.is_none() {
        let expected = "a port from 1 to 65535, or HOST:PORT";
        problems.push(context.takes(expected, text, whole(text)));
    }
    let host = if host == "*" { String::new() } else { host.to_lowercase() };
    Some(Port { host, port: port? })
}

/// `unix:///run/app.sock` or `tcp://localhost:9000` (`parse_fcgi_socket`).
pub fn parse_socket<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Option<Socket<'t>> {
    let socket = match text.strip_prefix("unix://") {
        Some(path) => path.starts_with('/').then_some(Socket::Unix(path)),
        None => tcp(text).map(Socket::Tcp),
    };
    if socket.is_none() {
        let expected = "unix:// and an absolute path, or tcp://HOST:PORT";
        problems.push(context.takes(expected, text, whole(text)));
    }
    socket
}

fn tcp(text: &str) -> Option<Port> {
    let text = text.strip_suffix('\n').unwrap_or(text);
    let (host, port) = text.strip_prefix("tcp://")?.split_once(':')?;
    let digits = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    let host = (!host.is_empty() && !host.contains(is_blank) && digits).then(|| host.to_lowercase())?;
    Some(Port { host, port: number::port(port)? })
}

/// `serverurl=` of a program, which hands it on as it is, or of `supervisorctl`, which has no
/// `AUTO` and speaks only to `http://` and `unix://` (`SupervisorTransport` of `xmlrpc.py`).
pub fn parse_url<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Url<'t> {
    let program = context.directive.group == crate::schema::Group::Program;
    if let Some(path) = text.strip_prefix("unix://") {
        return Url::Unix(path);
    }
    if text.starts_with("http://") {
        return Url::Http(text);
    }
    if program && super::python::strip(text).eq_ignore_ascii_case("auto") {
        return Url::Auto;
    }
    let expected = if program { "http://HOST:PORT, unix://PATH, or AUTO" } else { "http://HOST:PORT or unix://PATH" };
    let problem = context.takes(expected, text, whole(text));
    problems.push(if program { Problem { kind: crate::values::ProblemKind::Doubtful, ..problem } } else { problem });
    Url::Other(text)
}
