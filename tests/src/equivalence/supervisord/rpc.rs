//! What a running supervisord is asked by XML-RPC at its socket.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

/// How long an answer may take: `stopProcess` with `wait` gives one only when the process has ended.
const PATIENCE: Duration = Duration::from_secs(30);

/// One process, as supervisord tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// The group it is in.
    pub group: String,
    /// Its name there.
    pub name: String,
    /// `RUNNING`, `BACKOFF`, `FATAL` …
    pub state: String,
}

impl Process {
    /// What `supervisorctl` calls it.
    pub fn full_name(&self) -> String {
        format!("{}:{}", self.group, self.name)
    }

    /// Whether it neither runs nor is about to, unless it is looked at right before a restart.
    pub fn is_down(&self) -> bool {
        matches!(self.state.as_str(), "STOPPED" | "EXITED" | "FATAL")
    }
}

/// All processes of the supervisord that listens at `socket`.
pub fn processes(socket: &Path) -> io::Result<Vec<Process>> {
    let answer = call(socket, "supervisor.getAllProcessInfo", "")?;
    let of = |text: &str| {
        let mut members = members(text);
        let mut take = |name| members.remove(name);
        Some(Process { group: take("group")?, name: take("name")?, state: take("statename")? })
    };
    Ok(answer.split("</struct>").filter_map(of).collect())
}

/// Calls `method` with the name of a process; an answer that refuses is an error.
pub fn command(socket: &Path, method: &str, process: &str, wait: bool) -> io::Result<()> {
    let wait = u8::from(wait);
    let parameters = format!("{}<param><value><boolean>{wait}</boolean></value></param>", string(process));
    call(socket, &format!("supervisor.{method}"), &parameters).map(|_| ())
}

/// Sends a signal to a process.
pub fn signal(socket: &Path, process: &str, signal: &str) -> io::Result<()> {
    call(socket, "supervisor.signalProcess", &(string(process) + &string(signal))).map(|_| ())
}

fn string(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("<param><value><string>{text}</string></value></param>") }
}

fn call(socket: &Path, method: &str, parameters: &str) -> io::Result<String> {
    let body = format!(
        "<?xml version='1.0'?><methodCall><methodName>{method}</methodName><params>{parameters}</params></methodCall>"
    );
    let mut stream = UnixStream::connect(socket)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let head = "POST /RPC2 HTTP/1.0\r\nHost: localhost\r\nContent-Type: text/xml";
    write!(stream, "{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    if answer.contains("<methodResponse>") && !answer.contains("<fault>") {
        return Ok(answer);
    }
    let fault = members(&answer).remove("faultString");
    Err(io::Error::other(format!("{method}: {}", fault.unwrap_or(answer))))
}

/// Names and simple values of a struct's members.
fn members(text: &str) -> BTreeMap<String, String> {
    let of = |member: &str| {
        let (name, rest) = member.split_once("<name>")?.1.split_once("</name>")?;
        let value = rest.split_once("<value>")?.1.split_once('>')?.1.split_once('<')?.0;
        Some((name.to_owned(), value.to_owned()))
    };
    text.split("<member>").filter_map(of).collect()
}
