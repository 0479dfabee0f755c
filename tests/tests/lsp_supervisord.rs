//! supervisord.conf over real standard input and output: everything that is announced is answered.

use serde_json::{Value, json};
use svlsp_tests::lsp::{Client, uri};

#[path = "cli_harness/mod.rs"]
mod harness;

use harness::Folder;

const MAIN: &str = "\
[supervisord]
logfile=/var/log/supervisord.log
[include]
files=conf.d/*.conf
[group:site]
programs=web
";

const WEB: &str = "\
; the site
[program:web]
command=/usr/bin/web --port 80%(process_num)02d
numprocs = 8
process_name=%(program_name)s_%(process_num)02d
autostart=maybe
user=www-data
";

fn capabilities() -> Value {
    json!({
        "textDocument": {
            "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}},
            "hover": {"contentFormat": ["markdown"]},
            "documentSymbol": {"hierarchicalDocumentSymbolSupport": true},
            "rename": {"prepareSupport": true},
        },
        "workspace": {"workspaceEdit": {"documentChanges": true, "resourceOperations": ["create", "rename"]}},
    })
}

/// A workspace with both files open, and their URIs.
fn workspace() -> (Folder, Client, String, String) {
    workspace_with(Value::Null)
}

/// The same with a client that has these experimental capabilities.
fn workspace_with(experimental: Value) -> (Folder, Client, String, String) {
    let toml = "[convert]\nto = \"runit\"\nout = \"sv\"\n";
    let files =
        [("supervisord.conf", MAIN), ("supervisor/conf.d/x", ""), ("conf.d/web.conf", WEB), ("svlsp.toml", toml)];
    let folder = Folder::new(&files);
    let mut capabilities = capabilities();
    capabilities["experimental"] = experimental;
    let client = Client::start(capabilities, Some(&folder.path("")));
    let (main, web) = (uri(&folder.path("supervisord.conf")), uri(&folder.path("conf.d/web.conf")));
    (folder, client, main, web)
}

fn ask(client: &mut Client, method: &str, params: Value) -> Value {
    client.request(method, params).unwrap_or_else(|error| panic!("{method}: {error}"))
}

#[test]
fn everything_announced_is_answered() {
    let (_folder, mut client, main, web) = workspace();
    client.open(&main, "supervisord", MAIN);
    client.open(&web, "supervisord", WEB);
    let at = |line: u32, character: u32| json!({"line": line, "character": character});
    let place = |line, character| json!({"textDocument": {"uri": web}, "position": at(line, character)});
    let whole = json!({"start": at(0, 0), "end": at(7, 0)});
    let options = json!({"tabSize": 4, "insertSpaces": true});
    let document = json!({"textDocument": {"uri": web}});
    let with = |more: Value| {
        let mut params = document.clone();
        params.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        params
    };
    for (method, params) in [
        ("hover", place(2, 10)),
        ("completion", place(6, 0)),
        ("documentSymbol", document.clone()),
        ("foldingRange", document.clone()),
        ("selectionRange", with(json!({"positions": [at(2, 10)]}))),
        ("semanticTokens/full", document.clone()),
        ("semanticTokens/range", with(json!({"range": whole}))),
        ("documentHighlight", place(1, 10)),
        ("documentLink", document.clone()),
        ("codeLens", document.clone()),
        ("inlayHint", with(json!({"range": whole}))),
        ("codeAction", with(json!({"range": whole, "context": {"diagnostics": []}}))),
        ("formatting", with(json!({"options": options}))),
        ("rangeFormatting", with(json!({"range": whole, "options": options}))),
        ("references", with(json!({"position": at(1, 10), "context": {"includeDeclaration": true}}))),
        ("definition", place(1, 10)),
        ("prepareRename", place(1, 10)),
        ("rename", with(json!({"position": at(1, 10), "newName": "www"}))),
    ] {
        let answer = ask(&mut client, &format!("textDocument/{method}"), params);
        let empty = answer.is_null() || answer.as_array().is_some_and(Vec::is_empty) && method != "inlayHint";
        assert!(!empty, "{method}: {answer}");
    }
}

#[test]
fn files_of_a_configuration_know_each_other() {
    let (_folder, mut client, main, web) = workspace();
    client.open(&main, "supervisord", MAIN);
    client.open(&web, "supervisord", WEB);
    let position = |uri: &str, line: u32, character: u32| json!({"textDocument": {"uri": uri}, "position": {"line": line, "character": character}});
    let home = ask(&mut client, "textDocument/definition", position(&main, 5, 10));
    assert_eq!((&home["uri"], &home["range"]["start"]["line"]), (&json!(web), &json!(1)));
    let hover = ask(&mut client, "textDocument/hover", position(&web, 1, 3));
    let markdown = hover["contents"]["value"].as_str().expect("a text");
    assert!(markdown.contains("8 processes: `site:web_00`, `site:web_01`, … `site:web_07`"), "{markdown}");
    let mut params = position(&web, 1, 10);
    params["newName"] = json!("www");
    let edit = ask(&mut client, "textDocument/rename", params);
    let changed = |uri: &str| edit["changes"][uri].as_array().map_or(0, Vec::len);
    assert_eq!((changed(&main), changed(&web)), (1, 1), "{edit}");
}

#[test]
fn diagnostics_come_and_go() {
    let (_folder, mut client, _, web) = workspace();
    client.open(&web, "supervisord", WEB);
    let told = client.pushed(&web, 1);
    let values = told.iter().filter(|one| one["code"] == "invalid-value");
    assert_eq!(values.map(|one| &one["range"]["start"]["line"]).collect::<Vec<_>>(), [5], "{told:?}");
    client.replace(&web, 2, &WEB.replace("maybe", "false"));
    let told = client.pushed(&web, 2);
    assert!(!told.iter().any(|one| one["code"] == "invalid-value"), "{told:?}");
}

#[test]
fn a_program_is_written_as_directories() {
    let (folder, mut client, main, web) = workspace();
    let text = WEB.replace("maybe", "false");
    client.open(&main, "supervisord", MAIN);
    client.open(&web, "supervisord", &text);
    let preview = ask(
        &mut client,
        "svlsp/preview",
        json!({"textDocument": {"uri": web}, "backend": "runit", "section": "program:web"}),
    );
    let files = preview["files"].as_array().expect("a list");
    assert!(files.iter().any(|file| file["path"] == "web_07/run"), "{preview}");
    let command = json!({"command": "svlsp.generate", "arguments": [web, "runit", "program:web"]});
    let written = ask(&mut client, "workspace/executeCommand", command);
    let message = client.hear("window/showMessage");
    assert_eq!(written["directories"].as_array().map(Vec::len), Some(8), "{message}");
    assert!(folder.path("sv/web_00/run").exists());
}

#[test]
fn lenses_act_on_one_program_or_on_all() {
    let lenses = |experimental: Value| {
        let (_folder, mut client, _, web) = workspace_with(experimental);
        client.open(&web, "supervisord", &WEB.replace("maybe", "false"));
        let answer = ask(&mut client, "textDocument/codeLens", json!({"textDocument": {"uri": web}}));
        let show = |lens: &Value| {
            let Value::Array(arguments) = &lens["command"]["arguments"] else { return "none".to_owned() };
            assert_eq!(arguments[0], json!(web));
            let (line, command) = (&lens["range"]["start"]["line"], &lens["command"]["command"]);
            format!("{line} {} {}", command.as_str().unwrap_or_default(), json!(arguments[1..]))
        };
        answer.as_array().expect("a list").iter().map(show).collect::<Vec<_>>()
    };
    let wanted = [
        r#"0 svlsp.preview ["runit"]"#,
        r#"0 svlsp.preview ["runit"]"#,
        r#"0 svlsp.generateDirectory ["runit"]"#,
        "none",
        r#"1 svlsp.preview ["runit","program:web"]"#,
        r#"1 svlsp.preview ["runit","program:web"]"#,
        r#"1 svlsp.generateDirectory ["runit","program:web"]"#,
    ];
    assert_eq!(lenses(json!({"svlsp": {"commands": true}})), wanted);
    let wanted = [r#"0 svlsp.generate ["runit"]"#, "none", r#"1 svlsp.generate ["runit","program:web"]"#];
    assert_eq!(lenses(Value::Null), wanted);
}

/// Waits until the hover over the header of web.conf has `wanted` in it: what is pushed for `version` of
/// main may still be from before.
fn once_told(client: &mut Client, [main, web]: [&str; 2], version: i64, wanted: &str) {
    loop {
        let hover = client.at("textDocument/hover", web, 1, 3).expect("an answer");
        if hover["contents"]["value"].as_str().is_some_and(|told| told.contains(wanted)) {
            return;
        }
        client.pushed(main, version);
    }
}

#[test]
fn the_files_of_a_configuration_are_found_anew() {
    let (folder, mut client, main, web) = workspace();
    client.open(&web, "supervisord", WEB);
    client.open(&main, "supervisord", MAIN);
    once_told(&mut client, [&main, &web], 1, "`site:web_00`");
    client.replace(&main, 2, &MAIN.replace("files=conf.d", "files=other.d"));
    once_told(&mut client, [&main, &web], 2, "`web:web_00`");
    client.replace(&main, 3, MAIN);
    once_told(&mut client, [&main, &web], 3, "`site:web_00`");

    client.replace(&main, 4, &MAIN.replace("programs=web", "programs=web,db"));
    let once_unknown = |client: &mut Client, wanted: bool| {
        let unknown = |told: &[Value]| told.iter().any(|one| one["range"]["start"]["line"] == 5);
        while unknown(&client.pushed(&main, 4)) != wanted {}
    };
    once_unknown(&mut client, true);
    folder.write("conf.d/db.conf", "[program:db]\ncommand=/usr/bin/db\n");
    let changed = json!({"changes": [{"uri": uri(&folder.path("conf.d/db.conf")), "type": 1}]});
    client.notify("workspace/didChangeWatchedFiles", changed.clone());
    once_unknown(&mut client, false);
    std::fs::remove_file(folder.path("conf.d/db.conf")).expect("it is there");
    client.notify("workspace/didChangeWatchedFiles", changed);
    once_unknown(&mut client, true);
}

#[test]
fn programs_and_groups_are_symbols_of_the_workspace() {
    let (_folder, mut client, main, web) = workspace();
    client.open(&web, "supervisord", WEB);
    client.pushed(&web, 1);
    let found = ask(&mut client, "workspace/symbol", json!({"query": ""}));
    let show = |one: &Value| {
        let (place, start) = (&one["location"], &one["location"]["range"]["start"]);
        format!("{} {} {} {}:{}", one["name"], one["containerName"], place["uri"], start["line"], start["character"])
    };
    let shown: Vec<String> = found.as_array().expect("a list").iter().map(show).collect();
    let wanted = [
        format!(r#""web" "[program:web]" {} 1:9"#, json!(web)),
        format!(r#""site" "[group:site]" {} 4:7"#, json!(main)),
    ];
    assert_eq!(shown, wanted);
    assert_eq!(ask(&mut client, "workspace/symbol", json!({"query": "st"})).as_array().map(Vec::len), Some(1));
}
