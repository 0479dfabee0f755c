//! The server stays up, small and quick, whatever it is asked.

use std::collections::VecDeque;
use std::fs;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use svlsp_tests::lsp::{Client, pulling};
use svlsp_tests::random::Random;

const UNIT: &str = "[Unit]\nDescription=A\nAfter=b.service network.target\n\n[Service]\nExecStart=/bin/a --name %i $B\n\
    Environment=B=c\nRestart=sometimes\nUser=web\nCapabilityBoundingSet=CAP_CHOWN\n\n[Install]\nWantedBy=multi-user.target\n";

/// What takes a document and a position.
const AT: &[&str] = &[
    "textDocument/hover",
    "textDocument/completion",
    "textDocument/definition",
    "textDocument/declaration",
    "textDocument/references",
    "textDocument/documentHighlight",
    "textDocument/prepareRename",
    "textDocument/prepareCallHierarchy",
];

/// What takes a document.
const OF: &[&str] = &[
    "textDocument/diagnostic",
    "textDocument/documentSymbol",
    "textDocument/foldingRange",
    "textDocument/documentLink",
    "textDocument/semanticTokens/full",
    "textDocument/codeLens",
    "textDocument/formatting",
    "textDocument/inlayHint",
    "textDocument/codeAction",
];

/// How many requests wait for their answers at a time, at the most.
const WAITING: usize = 16;

#[test]
fn it_stays_up_small_and_quick() {
    // SVLSP_REQUESTS=100000 is the hour-long run in miniature.
    let requests = std::env::var("SVLSP_REQUESTS").ok().and_then(|many| many.parse().ok()).unwrap_or(2_500);
    let mut client = Client::start(pulling(), None);
    let mut random = Random::new("lsp_soak");
    let uris: Vec<String> = (0..4).map(|at| format!("file:///nowhere/{at}/a@b.service")).collect();
    let mut versions: Vec<Option<i64>> = vec![None; uris.len()];
    let mut waiting = VecDeque::new();
    let mut before: Option<(Duration, f64)> = None;
    for number in 0..requests {
        if number == requests / 10 {
            before = Some((quickness(&mut client), memory(&client)));
        }
        let at = random.below(uris.len());
        let uri = &uris[at];
        let place = json!({"line": random.below(14), "character": random.below(40)});
        let document = json!({"uri": uri});
        match (random.below(100), versions[at]) {
            (0..2, _) => waiting.push_back(client.ask("textDocument/hover", json!({"position": "here"}))),
            (2..4, _) => waiting.push_back(client.ask("no/such/method", Value::Null)),
            (4..5, _) => client.notify("textDocument/didChange", json!({"textDocument": 5})),
            (5..7, _) => waiting.push_back(client.ask(
                random.of::<&str>(AT),
                json!({
                    "textDocument": {"uri": "file:///not/open.service"}, "position": place,
                }),
            )),
            (7..12, _) => {
                let id = client.ask(random.of::<&str>(OF), params(&document, &place));
                client.notify("$/cancelRequest", json!({"id": id}));
                waiting.push_back(id);
            }
            (12..14, Some(_)) => {
                client.notify("textDocument/didClose", json!({"textDocument": document}));
                versions[at] = None;
            }
            (_, None) => {
                client.open(uri, "systemd", UNIT);
                versions[at] = Some(1);
            }
            (14..16, _) => waiting.push_back(client.ask("workspace/diagnostic", json!({"previousResultIds": []}))),
            (16..18, _) => waiting.push_back(client.ask("workspace/symbol", json!({"query": "a"}))),
            (18..40, Some(version)) => {
                let range = json!({"start": place, "end": place});
                let text = random.of(&["x", "\n", "Nice=5\n", "ä𝄞", "", "[Service]\n", "%"]);
                let change = match version % 20 {
                    0 => json!({"text": UNIT}),
                    _ => json!({"range": range, "text": text}),
                };
                let document = json!({"uri": uri, "version": version + 1});
                client.notify("textDocument/didChange", json!({"textDocument": document, "contentChanges": [change]}));
                versions[at] = Some(version + 1);
            }
            (40..70, _) => waiting.push_back(client.ask(random.of::<&str>(AT), params(&document, &place))),
            _ => waiting.push_back(client.ask(random.of::<&str>(OF), params(&document, &place))),
        }
        while waiting.len() > WAITING {
            // An answer or an error: what must not be is silence.
            let _ = client.answer(waiting.pop_front().expect("one waits"));
        }
    }
    for id in waiting {
        let _ = client.answer(id);
    }
    let (quick, small) = before.expect("the run is long enough");
    let (quick_now, small_now) = (quickness(&mut client), memory(&client));
    println!("hover {quick:?}, then {quick_now:?}; memory {small:.1} MiB, then {small_now:.1} MiB");
    assert!(small_now <= small * 1.1 + 0.5, "{small:.1} MiB grew to {small_now:.1} MiB");
    // Other tests run beside this one.
    assert!(quick_now <= quick * 5 + Duration::from_millis(2), "{quick:?} became {quick_now:?}");
    assert_eq!(client.leave(), Some(0));
}

fn params(document: &Value, place: &Value) -> Value {
    json!({
        "textDocument": document,
        "position": place,
        "range": {"start": {"line": 0, "character": 0}, "end": {"line": 20, "character": 0}},
        "context": {"diagnostics": [], "includeDeclaration": true},
        "options": {"tabSize": 4, "insertSpaces": true},
    })
}

/// The median time of a hover over a fresh document.
fn quickness(client: &mut Client) -> Duration {
    let uri = "file:///nowhere/quick/a.service";
    client.open(uri, "systemd", UNIT);
    let mut times: Vec<Duration> = (0..51)
        .map(|_| {
            let start = Instant::now();
            client.at("textDocument/hover", uri, 5, 3).expect("a hover");
            start.elapsed()
        })
        .collect();
    client.notify("textDocument/didClose", json!({"textDocument": {"uri": uri}}));
    times.sort();
    times[25]
}

/// The resident memory of the server, in MiB.
fn memory(client: &Client) -> f64 {
    let status = fs::read_to_string(format!("/proc/{}/status", client.pid())).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a size");
    line.split_whitespace().next().and_then(|size| size.parse::<f64>().ok()).expect("a number") / 1024.0
}
