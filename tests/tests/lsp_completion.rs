//! Completion, over real standard input and output.

use serde_json::{Value, json};
use svlsp_tests::lsp::{Client, Columns, uri};

#[path = "cli_harness/mod.rs"]
mod harness;

use harness::Folder;

const METHOD: &str = "textDocument/completion";
const URI: &str = "file:///nowhere/a.service";

/// How large an answer may be, in bytes.
const MOST: usize = 70_000;

/// What VS Code can do.
fn rich() -> Value {
    let item = json!({
        "snippetSupport": true,
        "labelDetailsSupport": true,
        "insertReplaceSupport": true,
        "deprecatedSupport": true,
        "tagSupport": {"valueSet": [1]},
        "documentationFormat": ["markdown", "plaintext"],
        "resolveSupport": {"properties": ["documentation", "detail"]},
    });
    json!({"textDocument": {"completion": {"completionItem": item}}})
}

fn complete(capabilities: Value, text: &str, columns: Columns) -> (String, Value) {
    let mut client = Client::start(columns.with(capabilities), None);
    let (text, answer) = client.at_cursor(METHOD, URI, text, columns);
    (text, answer.expect("an answer"))
}

fn items(answer: &Value) -> &Vec<Value> {
    answer["items"].as_array().expect("a list")
}

/// The item called `label`.
fn item<'a>(answer: &'a Value, label: &str) -> &'a Value {
    let found = items(answer).iter().find(|item| item["label"] == label);
    found.unwrap_or_else(|| panic!("no {label} in {answer:#}"))
}

fn labels(answer: &Value) -> Vec<&str> {
    items(answer).iter().filter_map(|item| item["label"].as_str()).collect()
}

#[test]
fn answers_are_small() {
    // After a letter most items stay, and each says what it replaces.
    let lines = [
        "$0",
        "e$0",
        "SystemCallFilter=$0",
        "SystemCallFilter=~read:$0",
        "CapabilityBoundingSet=~$0",
        "ExecStart=a %$0",
    ];
    for capabilities in [json!({}), rich()] {
        for line in lines {
            let text = format!("{}[Service]\n{line}", "# a comment\n".repeat(20_000));
            let (_, answer) = complete(capabilities.clone(), &text, Columns::Utf16);
            let bytes = answer.to_string().len();
            assert!(bytes < MOST, "{line}: {bytes} bytes for {} items", items(&answer).len());
            assert!(items(&answer).len() > 40, "{line}: {} items", items(&answer).len());
            assert_eq!(answer["isIncomplete"], false, "{line}: {bytes} bytes for {} items", items(&answer).len());
            assert!(items(&answer).iter().all(|item| item.get("documentation").is_none()));
        }
    }
}

#[test]
fn a_plain_client_gets_plain_text() {
    let (text, answer) = complete(json!({}), "[Service]\nRemainAf$0\n", Columns::Utf16);
    let found = item(&answer, "RemainAfterExit");
    assert_eq!(found["textEdit"]["newText"], "RemainAfterExit=");
    assert_eq!(Columns::Utf16.text(&text, &found["textEdit"]["range"]), "RemainAf");
    for key in ["insertTextFormat", "labelDetails", "tags", "deprecated", "documentation"] {
        assert!(found.get(key).is_none(), "{key}");
    }
    let (_, answer) = complete(json!({}), "[Service]\n$0\n", Columns::Utf16);
    assert_eq!(item(&answer, "WorkingDirectory")["insertText"], "WorkingDirectory=");
    let (_, answer) = complete(json!({}), "[Service]\nKillMode=$0\n", Columns::Utf16);
    assert_eq!(item(&answer, "mixed")["detail"], "The main process gets the signal, then all others SIGKILL.");
}

#[test]
fn a_rich_client_gets_what_it_can_show() {
    let (_, answer) = complete(rich(), "[Service]\n$0\n", Columns::Utf16);
    let found = item(&answer, "RemainAfterExit");
    assert_eq!(found["insertText"], "RemainAfterExit=${1|yes,no|}");
    assert_eq!(found["insertTextFormat"], 2);
    assert_eq!(item(&answer, "PermissionsStartOnly")["tags"], json!([1]));
    let (_, answer) = complete(rich(), "[Service]\nKillMode=$0\n", Columns::Utf16);
    let found = item(&answer, "none");
    assert_eq!((&found["tags"], &found["sortText"]), (&json!([1]), &json!("~~none")));
    assert_eq!(found["labelDetails"]["description"], "Nothing is killed.");
}

#[test]
fn what_is_replaced_is_what_stands_there() {
    for columns in Columns::ALL {
        let (text, answer) = complete(rich(), "[Unit]\nDescription=𝄞ä %$0𝄞\n", columns);
        let edit = &item(&answer, "%n")["textEdit"];
        assert_eq!(columns.text(&text, &edit["range"]), "%");
        let (text, answer) = complete(rich(), "[Service]\nType = no$0tify\n", columns);
        let edit = &item(&answer, "notify-reload")["textEdit"];
        assert_eq!(columns.text(&text, &edit["insert"]), "no");
        assert_eq!(columns.text(&text, &edit["replace"]), "notify");
        assert_eq!(edit["newText"], "notify-reload");
        let (text, answer) = complete(json!({}), "[Service]\nType = no$0tify\n", columns);
        assert_eq!(columns.text(&text, &item(&answer, "notify")["textEdit"]["range"]), "notify");
    }
}

#[test]
fn documentation_comes_on_demand() {
    let plain = json!({"textDocument": {"completion": {"completionItem": {"documentationFormat": ["plaintext"]}}}});
    for (capabilities, kind) in [(plain, "plaintext"), (rich(), "markdown")] {
        let mut client = Client::start(capabilities, None);
        let (_, answer) = client.at_cursor(METHOD, URI, "[Service]\nKillMo$0", Columns::Utf16);
        let found = item(&answer.expect("an answer"), "KillMode").clone();
        let resolved = client.request("completionItem/resolve", found.clone()).expect("an answer");
        assert_eq!(resolved["documentation"]["kind"], kind);
        let shown = resolved["documentation"]["value"].as_str().expect("a text");
        assert!(shown.contains("KillMode=") && shown.contains("control-group"), "{shown}");
        assert_eq!(resolved["label"], found["label"]);
        assert_eq!(resolved["textEdit"], found["textEdit"]);
        let strange = json!({"label": "x", "data": "nothing:of ours"});
        assert_eq!(client.request("completionItem/resolve", strange.clone()), Ok(strange));
    }
}

#[test]
fn a_blank_asks_in_lists_only() {
    let mut client = Client::start(rich(), None);
    let text = "[Service]\nDelegate=cpu \nSyslogIdentifier=a \n";
    client.open(URI, "systemd", text);
    let mut ask = |line: u32, column: u32| {
        let context = json!({"triggerKind": 2, "triggerCharacter": " "});
        let position = json!({"line": line, "character": column});
        client.request(METHOD, json!({"textDocument": {"uri": URI}, "position": position, "context": context}))
    };
    let answer = ask(1, 13).expect("an answer");
    assert!(labels(&answer).contains(&"memory") && !labels(&answer).contains(&"cpu"), "{answer:#}");
    assert_eq!(ask(2, 19), Ok(Value::Null));
}

#[test]
fn the_units_of_a_large_folder() {
    let names: Vec<String> = (0..1500).map(|at| format!("unit-{at:04}.service")).collect();
    let text = "[Unit]\nDescription=One of many units that nobody can tell apart\n[Service]\nExecStart=/bin/true\n";
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), text)).collect();
    let folder = Folder::new(&files);
    let mut client = Client::start(rich(), Some(&folder.path("")));
    let uri = uri(&folder.path("unit-0000.service"));
    client.open(&uri, "systemd", "[Unit]\nAfter=\n");
    // The folder is read beside us.
    let mut answer = Value::Null;
    for _ in 0..10_000 {
        answer = client.at(METHOD, &uri, 1, 6).expect("an answer");
        if labels(&answer).contains(&"unit-0001.service") {
            break;
        }
    }
    let found = item(&answer, "unit-0001.service");
    assert_eq!(found["labelDetails"]["description"], "One of many units that nobody can tell apart");
    let resolved = client.request("completionItem/resolve", found.clone()).expect("an answer");
    let shown = resolved["documentation"]["value"].as_str().expect("a text");
    let path = folder.path("unit-0001.service");
    assert_eq!(shown, format!("One of many units that nobody can tell apart\n\n`{}`", path.display()));
    assert!(!labels(&answer).contains(&"unit-0000.service"), "a unit isn't offered to itself");
    assert_eq!(answer["isIncomplete"], true);
    assert!(answer.to_string().len() < MOST, "{} bytes", answer.to_string().len());
    client.replace(&uri, 2, "[Unit]\nAfter=1499\n");
    let answer = client.at(METHOD, &uri, 1, 10).expect("an answer");
    assert_eq!((labels(&answer), &answer["isIncomplete"]), (vec!["unit-1499.service"], &json!(false)));
}

#[test]
fn accounts_and_files_of_the_root() {
    let folder = Folder::new(&[
        ("etc/passwd", "root:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/:/bin/false\n"),
        ("etc/group", "root:x:0:\nadm:x:4:\n"),
        ("usr/bin/app", ""),
        ("usr/bin/application/x", ""),
    ]);
    let settings = json!({"root": folder.path("")});
    let mut client = Client::start_with(json!({}), None, settings);
    let mut ask = |line: &str| {
        let text = format!("[Service]\n{line}");
        let answer = client.at_cursor(METHOD, URI, &text, Columns::Utf16).1.expect("an answer");
        client.notify("textDocument/didClose", json!({"textDocument": {"uri": URI}}));
        labels(&answer).join(" ")
    };
    assert_eq!(ask("User=$0"), "root www-data");
    assert_eq!(ask("Group=a$0"), "adm");
    assert_eq!(ask("ExecStart=-/usr/bin/ap$0"), "/usr/bin/app /usr/bin/application/");
    assert_eq!(ask("ReadWritePaths=/srv -/usr/bin/application/$0"), "/usr/bin/application/x");
}
