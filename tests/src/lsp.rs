//! A client of `svlsp lsp`, over its real standard input and output.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::product;

/// How long an answer may take before the test fails.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running server and what it has said.
#[derive(Debug)]
pub struct Client {
    child: Child,
    input: Option<ChildStdin>,
    messages: Receiver<Value>,
    next: i64,
    /// Notifications and requests of the server that nobody has asked for yet.
    heard: VecDeque<Value>,
    /// What `workspace/configuration` is answered with.
    pub settings: Value,
    /// The answer to `initialize`.
    pub initialized: Value,
    /// Whether it answers nothing that it is asked.
    pub silent: bool,
}

impl Client {
    /// Starts a server and shakes hands: `capabilities` are those of the client, `folder` is the workspace.
    pub fn start(capabilities: Value, folder: Option<&Path>) -> Self {
        Client::start_with(capabilities, folder, Value::Null)
    }

    /// The same, with settings.
    pub fn start_with(capabilities: Value, folder: Option<&Path>, settings: Value) -> Self {
        let mut client = Client::spawn();
        client.settings = settings;
        client.shake_hands(capabilities, folder);
        client
    }

    /// What comes first, before and after `initialize` is answered.
    pub fn shake_hands(&mut self, capabilities: Value, folder: Option<&Path>) {
        let folders: Vec<Value> = folder.iter().map(|path| json!({"uri": uri(path), "name": "test"})).collect();
        let answer = self.request(
            "initialize",
            json!({
                "processId": null,
                "rootUri": folder.map(uri),
                "capabilities": capabilities,
                "initializationOptions": self.settings,
                "workspaceFolders": folders,
            }),
        );
        self.initialized = answer.expect("initialize is answered");
        self.notify("initialized", json!({}));
    }

    /// Starts a server, no more.
    pub fn spawn() -> Self {
        Client::of(Command::new(product::binary()).args(["lsp", "--stdio"]))
    }

    /// Starts any server.
    pub fn of(server: &mut Command) -> Self {
        let mut child =
            server.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the server runs");
        let input = child.stdin.take();
        let mut output = BufReader::new(child.stdout.take().expect("a pipe"));
        let (sender, messages) = mpsc::channel();
        thread::spawn(move || {
            while let Some(message) = read(&mut output) {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        Client {
            child,
            input,
            messages,
            next: 0,
            heard: VecDeque::new(),
            settings: Value::Null,
            initialized: Value::Null,
            silent: false,
        }
    }

    /// The process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Writes bytes as they are.
    pub fn raw(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().expect("standard input is open");
        input.write_all(bytes).and_then(|()| input.flush()).expect("the server reads");
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        self.raw(format!("Content-Length: {}\r\n\r\n{text}", text.len()).as_bytes());
    }

    /// Sends a notification.
    pub fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    /// Sends a request without waiting for the answer; its number.
    pub fn ask(&mut self, method: &str, params: Value) -> i64 {
        self.next += 1;
        self.send(&json!({"jsonrpc": "2.0", "id": self.next, "method": method, "params": params}));
        self.next
    }

    /// Sends a request and waits for the result, or the error.
    pub fn request(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        let id = self.ask(method, params);
        self.answer(id)
    }

    /// Waits for the answer to a request.
    pub fn answer(&mut self, id: i64) -> Result<Value, Value> {
        let answer = self.wait(|message| message.get("method").is_none() && message["id"] == id);
        match answer.get("error") {
            Some(error) => Err(error.clone()),
            None => Ok(answer["result"].clone()),
        }
    }

    /// Waits for a notification or request of the server; its parameters. Each is given out once.
    pub fn hear(&mut self, method: &str) -> Value {
        self.wait(|message| message["method"] == method)["params"].clone()
    }

    /// Waits for the diagnostics of a document that are pushed for this version of it.
    pub fn pushed(&mut self, uri: &str, version: i64) -> Vec<Value> {
        let message = self.wait(|message| {
            let params = &message["params"];
            message["method"] == "textDocument/publishDiagnostics"
                && params["uri"] == uri
                && params["version"] == version
        });
        message["params"]["diagnostics"].as_array().expect("a list").clone()
    }

    fn wait(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        let until = Instant::now() + PATIENCE;
        if let Some(at) = self.heard.iter().position(&wanted) {
            return self.heard.remove(at).expect("it is there");
        }
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let message = self.messages.recv_timeout(left).unwrap_or_else(|_| {
                panic!("no answer; heard {:#?}", self.heard.iter().map(|m| m["method"].clone()).collect::<Vec<_>>())
            });
            if !self.silent {
                self.reply(&message);
            }
            if wanted(&message) {
                return message;
            }
            self.heard.push_back(message);
        }
    }

    /// Answers what the server asks.
    fn reply(&mut self, message: &Value) {
        let (Some(method), Some(id)) = (message["method"].as_str(), message.get("id")) else { return };
        let result = match method {
            "workspace/configuration" => {
                let items = message["params"]["items"].as_array().map_or(1, Vec::len);
                Value::Array(vec![self.settings.clone(); items])
            }
            "workspace/applyEdit" => json!({"applied": true}),
            _ => Value::Null,
        };
        let id = id.clone();
        self.send(&json!({"jsonrpc": "2.0", "id": id, "result": result}));
    }

    /// Opens a document.
    pub fn open(&mut self, uri: &str, language: &str, text: &str) {
        let document = json!({"uri": uri, "languageId": language, "version": 1, "text": text});
        self.notify("textDocument/didOpen", json!({"textDocument": document}));
    }

    /// Replaces the whole text of a document.
    pub fn replace(&mut self, uri: &str, version: i64, text: &str) {
        self.notify(
            "textDocument/didChange",
            json!({"textDocument": {"uri": uri, "version": version}, "contentChanges": [{"text": text}]}),
        );
    }

    /// Asks something at a place of a document.
    pub fn at(&mut self, method: &str, uri: &str, line: u32, character: u32) -> Result<Value, Value> {
        self.request(method, json!({"textDocument": {"uri": uri}, "position": {"line": line, "character": character}}))
    }

    /// Opens `text`, which has a `$0` in it, and asks something there; the text without it, and the answer.
    pub fn at_cursor(
        &mut self,
        method: &str,
        uri: &str,
        text: &str,
        columns: Columns,
    ) -> (String, Result<Value, Value>) {
        let (text, offset) = cursor(text);
        self.open(uri, "systemd", &text);
        let position = columns.position(&text, offset);
        let answer = self.request(method, json!({"textDocument": {"uri": uri}, "position": position}));
        (text, answer)
    }

    /// Takes leave as a client should; the exit status.
    pub fn leave(mut self) -> Option<i32> {
        self.request("shutdown", Value::Null).expect("shutdown is answered");
        self.notify("exit", Value::Null);
        // Standard input stays open: the server has to end by itself.
        self.end()
    }

    /// Closes the server's standard input; the exit status.
    pub fn hang_up(mut self) -> Option<i32> {
        self.input = None;
        self.end()
    }

    fn end(&mut self) -> Option<i32> {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            if let Some(status) = self.child.try_wait().expect("it can be asked") {
                return status.code();
            }
            thread::yield_now();
        }
        panic!("the server doesn't end");
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.input = None;
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The URI of a path.
pub fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}

/// How a client counts columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Columns {
    /// In bytes.
    Utf8,
    /// In code units of two bytes.
    Utf16,
}

impl Columns {
    /// Both ways.
    pub const ALL: [Columns; 2] = [Columns::Utf8, Columns::Utf16];

    /// `capabilities` of a client that counts so.
    pub fn with(self, mut capabilities: Value) -> Value {
        if self == Columns::Utf8 {
            capabilities["general"]["positionEncodings"] = json!(["utf-8", "utf-16"]);
        }
        capabilities
    }

    /// The position of an offset in bytes.
    pub fn position(self, text: &str, offset: usize) -> Value {
        let line = text[..offset].matches('\n').count();
        let start = text[..offset].rfind('\n').map_or(0, |end| end + 1);
        let before = &text[start..offset];
        let character = match self {
            Columns::Utf8 => before.len(),
            Columns::Utf16 => before.encode_utf16().count(),
        };
        json!({"line": line, "character": character})
    }

    /// The offset in bytes of a position.
    pub fn offset(self, text: &str, position: &Value) -> usize {
        let line = position["line"].as_u64().expect("a line") as usize;
        let start = text.match_indices('\n').nth(line.wrapping_sub(1)).map_or(0, |(end, _)| end + 1);
        let mut left = position["character"].as_u64().expect("a column") as usize;
        for (at, c) in text[start..].char_indices() {
            let width = if self == Columns::Utf8 { c.len_utf8() } else { c.len_utf16() };
            if left < width {
                assert_eq!(left, 0, "inside of {c:?}");
                return start + at;
            }
            left -= width;
        }
        text.len()
    }

    /// What stands at a range.
    pub fn text<'t>(self, text: &'t str, range: &Value) -> &'t str {
        &text[self.offset(text, &range["start"])..self.offset(text, &range["end"])]
    }
}

/// `text` without the `$0` in it, and where that was.
pub fn cursor(text: &str) -> (String, usize) {
    let at = text.find("$0").expect("a cursor");
    (text.replacen("$0", "", 1), at)
}

/// What a client can do that pulls diagnostics.
pub fn pulling() -> Value {
    let workspace = json!({"configuration": true, "diagnostics": {"refreshSupport": true}});
    json!({"textDocument": {"diagnostic": {}}, "workspace": workspace})
}

fn read(output: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            header => {
                if let Some(value) = header.strip_prefix("Content-Length: ") {
                    length = value.parse().expect("a length");
                }
            }
        }
    }
    let mut body = vec![0; length];
    output.read_exact(&mut body).ok()?;
    Some(serde_json::from_slice(&body).expect("the server writes JSON"))
}
