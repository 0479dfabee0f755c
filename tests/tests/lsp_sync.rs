//! Whatever is edited, and however fast: what the server says is what it says of the same text opened afresh.

use serde_json::{Value, json};
use svlsp_tests::lsp::{Client, Columns, pulling};
use svlsp_tests::random::Random;

const PIECES: [&str; 20] = [
    "[Unit]\n",
    "[Service]\n",
    "[Install]\r\n",
    "After=a.service b.service\n",
    "ExecStart=/bin/a %i $B \"c d\"\n",
    "Restart=sometimes\n",
    "Nice=5\n",
    "Nice=x\r\n",
    "WantedBy=multi-user.target\n",
    "Environment=A=\\\n",
    "\n",
    "\r\n",
    "# a comment\n",
    "Typo=1\n",
    " ",
    "=",
    "\\",
    "ä",
    "€",
    "𝄞",
];

/// What is asked of a document, and what an answer must not depend on.
const QUESTIONS: [&str; 4] = [
    "textDocument/diagnostic",
    "textDocument/semanticTokens/full",
    "textDocument/documentSymbol",
    "textDocument/foldingRange",
];

#[test]
fn bursts_of_edits_leave_what_a_fresh_open_gives() {
    for columns in Columns::ALL {
        let mut capabilities = columns.with(pulling());
        // So that no answer names the document.
        capabilities["textDocument"]["documentSymbol"]["hierarchicalDocumentSymbolSupport"] = true.into();
        let mut client = Client::start(capabilities, None);
        let mut random = Random::new("lsp_sync");
        let uri = "file:///nowhere/edited/a.service";
        let mut text = String::from("[Service]\nExecStart=/bin/true\n");
        client.open(uri, "systemd", &text);
        let mut version = 1;
        for (round, burst) in [1, 3, 10, 100, 1000, 2000].into_iter().enumerate() {
            for _ in 0..burst {
                version += 1;
                let mut changes = Vec::new();
                for _ in 0..=random.below(2) {
                    changes.push(edit(&mut text, columns, &mut random));
                }
                client.notify(
                    "textDocument/didChange",
                    json!({"textDocument": {"uri": uri, "version": version}, "contentChanges": changes}),
                );
            }
            let fresh = format!("file:///nowhere/fresh{round}/a.service");
            client.open(&fresh, "systemd", &text);
            for question in QUESTIONS {
                let mut answers = [uri, &fresh].map(|uri| {
                    client.request(question, json!({"textDocument": {"uri": uri}})).unwrap_or_else(|error| {
                        panic!("{question}: {error}");
                    })
                });
                // Each answer has a number of its own, and what clients send back names the version.
                answers.iter_mut().for_each(|answer| {
                    without(answer, "resultId");
                    let items = answer.get_mut("items").and_then(Value::as_array_mut);
                    items.into_iter().flatten().for_each(|item| without(item, "data"));
                });
                assert_eq!(answers[0], answers[1], "{question} after {version} changes: {text:?}");
            }
            client.notify("textDocument/didClose", json!({"textDocument": {"uri": fresh}}));
        }
        assert_eq!(client.leave(), Some(0));
    }
}

/// Changes `text` somewhere; the change as a client sends it.
fn edit(text: &mut String, columns: Columns, random: &mut Random) -> Value {
    let start = place(text, random.below(text.len() + 1));
    // So that it doesn't grow without end.
    let most = if text.len() > 3000 { 200 } else { 20 };
    let end = place(text, (start + random.below(most)).min(text.len())).max(start);
    let new: String = (0..random.below(3)).map(|_| *random.of(&PIECES)).collect();
    let range = json!({"start": columns.position(text, start), "end": columns.position(text, end)});
    text.replace_range(start..end, &new);
    json!({"range": range, "text": new})
}

/// A place that has a position: not inside of a character, nor between CR and LF.
fn place(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) || text[..at].ends_with('\r') {
        at -= 1;
    }
    at
}

fn without(value: &mut Value, key: &str) {
    if let Some(object) = value.as_object_mut() {
        object.remove(key);
    }
}
