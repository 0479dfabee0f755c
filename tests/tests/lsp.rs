//! The language server's life and its documents, over real standard input and output.

use serde_json::{Value, json};
use svlsp_tests::lsp::{Client, pulling, uri};

#[path = "cli_harness/mod.rs"]
mod harness;

use harness::Folder;

const BAD: &str = "[Service]\nExecStart=/bin/true\nRestart=sometimes\n";
const GOOD: &str = "[Service]\nExecStart=/bin/true\nRestart=always\n";

fn codes(diagnostics: &[Value]) -> Vec<&str> {
    diagnostics.iter().filter_map(|one| one["code"].as_str()).collect()
}

#[test]
fn it_comes_and_goes() {
    let client = Client::start(json!({}), None);
    assert_eq!(client.initialized["serverInfo"]["name"], "svlsp");
    assert_eq!(client.initialized["capabilities"]["positionEncoding"], "utf-16");
    assert_eq!(client.leave(), Some(0));
    let modern = Client::start(json!({"general": {"positionEncodings": ["utf-16", "utf-8"]}}), None);
    assert_eq!(modern.initialized["capabilities"]["positionEncoding"], "utf-8");
}

#[test]
fn who_does_not_pull_gets_diagnostics_pushed() {
    let mut client = Client::start(json!({}), None);
    let uri = "file:///nowhere/a.service";
    client.open(uri, "systemd", BAD);
    assert_eq!(codes(&client.pushed(uri, 1)), ["invalid-value"]);
    client.replace(uri, 2, GOOD);
    assert!(client.pushed(uri, 2).is_empty());
}

#[test]
fn who_pulls_is_told_when_nothing_has_changed() {
    let mut client = Client::start(pulling(), None);
    let uri = "file:///nowhere/a.service";
    client.open(uri, "systemd", BAD);
    let pull = |client: &mut Client, previous: Value| {
        let params = json!({"textDocument": {"uri": uri}, "previousResultId": previous});
        client.request("textDocument/diagnostic", params).expect("an answer")
    };
    let first = pull(&mut client, Value::Null);
    assert_eq!(codes(first["items"].as_array().expect("a list")), ["invalid-value"]);
    let second = pull(&mut client, first["resultId"].clone());
    assert_eq!((&second["kind"], &second["resultId"]), (&json!("unchanged"), &first["resultId"]));
    client.replace(uri, 2, GOOD);
    assert_eq!(pull(&mut client, first["resultId"].clone())["items"], json!([]));
}

#[test]
fn a_unit_is_seen_with_the_others_of_its_folder() {
    let drop_in = "[Service]\nExecStart=/bin/false\n";
    let folder = Folder::new(&[("a.service", GOOD), ("a.service.d/x.conf", drop_in)]);
    let mut client = Client::start(pulling(), Some(&folder.path("")));
    let uri = uri(&folder.path("a.service.d/x.conf"));
    client.open(&uri, "systemd", drop_in);
    // Answered only when the folder has been read.
    workspace(&mut client, &[]);
    let report = client.request("textDocument/diagnostic", json!({"textDocument": {"uri": &uri}})).expect("an answer");
    assert_eq!(codes(report["items"].as_array().expect("a list")), ["exec-start-not-reset"]);
}

/// The news of `workspace/diagnostic` for a client that has these: URI, result, codes.
fn workspace(client: &mut Client, known: &[(String, String)]) -> Vec<(String, String, String)> {
    let known: Vec<Value> = known.iter().map(|(uri, id)| json!({"uri": uri, "value": id})).collect();
    let report = client.request("workspace/diagnostic", json!({"previousResultIds": known})).expect("an answer");
    let items = report["items"].as_array().expect("a list").iter();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    items
        .map(|item| {
            let codes = codes(item["items"].as_array().expect("a list")).join(" ");
            (text(&item["uri"]), text(&item["resultId"]), codes)
        })
        .collect()
}

#[test]
fn all_files_of_a_folder_are_told_of_and_only_news() {
    let folder = Folder::new(&[("a.service", BAD), ("b.service", GOOD), ("c.service", BAD)]);
    let mut client = Client::start(pulling(), Some(&folder.path("")));
    let [a, b] = ["a", "b"].map(|name| uri(&folder.path(&format!("{name}.service"))));
    let first = workspace(&mut client, &[]);
    assert_eq!(first.iter().map(|(.., codes)| &codes[..]).collect::<Vec<_>>(), ["invalid-value", "invalid-value"]);
    let mut known: Vec<(String, String)> = first.iter().map(|(uri, id, _)| (uri.clone(), id.clone())).collect();
    assert_eq!(workspace(&mut client, &known), []);
    // What is open counts, not what is on the disk.
    client.open(&b, "systemd", BAD);
    client.open(&a, "systemd", GOOD);
    let news = workspace(&mut client, &known);
    let short: Vec<_> = news.iter().map(|(uri, _, codes)| (&uri[..], &codes[..])).collect();
    assert_eq!(short, [(&a[..], ""), (&b[..], "invalid-value")]);
    // A document of its own result is known too.
    let report = client.request("textDocument/diagnostic", json!({"textDocument": {"uri": &b}})).expect("an answer");
    assert_eq!(report["resultId"], news[1].1);
    // What is gone has nothing wrong any more.
    known.push(("file:///gone.service".to_owned(), "1".to_owned()));
    assert!(workspace(&mut client, &known).contains(&(
        "file:///gone.service".to_owned(),
        String::new(),
        String::new()
    )));
}

#[test]
fn what_is_wrong_elsewhere_is_pushed_too() {
    let folder = Folder::new(&[("a.service", BAD), ("b.service", GOOD)]);
    let mut client = Client::start(json!({}), Some(&folder.path("")));
    let params = client.hear("textDocument/publishDiagnostics");
    assert_eq!(params["uri"], uri(&folder.path("a.service")));
    assert_eq!(codes(params["diagnostics"].as_array().expect("a list")), ["invalid-value"]);
}

#[test]
fn a_new_file_belongs_to_its_folder() {
    let folder = Folder::new(&[("a.service", GOOD)]);
    let mut client = Client::start(pulling(), Some(&folder.path("")));
    workspace(&mut client, &[]);
    let new = uri(&folder.path("a.service.d/new.conf"));
    client.open(&new, "systemd", "[Service]\nExecStart=/bin/false\n");
    client.hear("workspace/diagnostic/refresh");
    client.hear("workspace/diagnostic/refresh");
    assert_eq!(workspace(&mut client, &[])[0].2, "exec-start-not-reset");
}

#[test]
fn settings_of_the_client_and_of_the_folder() {
    let advice = "select = [\"missing-description\"]\n";
    let folder = Folder::new(&[("a.service", GOOD), ("svlsp.toml", advice)]);
    let mut client = Client::start(pulling(), Some(&folder.path("")));
    assert_eq!(workspace(&mut client, &[])[0].2, "missing-description");
    client.settings = json!({"ignore": ["missing-description"], "server": {"path": "x"}, "backend": null});
    client.notify("workspace/didChangeConfiguration", json!({"settings": null}));
    client.hear("workspace/diagnostic/refresh");
    client.hear("workspace/diagnostic/refresh");
    assert_eq!(workspace(&mut client, &[]), []);
    client.settings = json!({"ignore": ["mising-description"]});
    client.notify("workspace/didChangeConfiguration", json!({"settings": null}));
    let message = client.hear("window/showMessage")["message"].clone();
    assert!(message.as_str().expect("a text").contains("mising-description"), "{message}");
}

#[test]
fn what_is_not_open_has_a_proper_error() {
    let mut client = Client::start(json!({}), None);
    let error = client.at("textDocument/hover", "file:///a.service", 0, 0).expect_err("an error");
    assert_eq!(
        (&error["code"], &error["message"]),
        (&json!(-32602), &json!("file:///a.service: no such document is open here"))
    );
    assert_eq!(client.leave(), Some(0));
}

#[test]
fn a_document_out_of_step_is_dropped_until_all_of_it_comes() {
    let mut client = Client::start(json!({}), None);
    let uri = "file:///nowhere/a.service";
    client.open(uri, "systemd", BAD);
    assert_eq!(client.pushed(uri, 1).len(), 1);
    let place = json!({"line": 99, "character": 0});
    let change = json!({"range": {"start": place, "end": place}, "text": "x"});
    client.notify(
        "textDocument/didChange",
        json!({"textDocument": {"uri": uri, "version": 2}, "contentChanges": [change]}),
    );
    let message = client.hear("window/showMessage")["message"].to_string();
    assert!(message.contains("/nowhere/a.service"), "{message}");
    assert_eq!(client.hear("textDocument/publishDiagnostics")["diagnostics"], json!([]));
    assert_eq!(client.at("textDocument/hover", uri, 0, 0).expect_err("an error")["code"], -32801);
    client.replace(uri, 3, BAD);
    assert_eq!(codes(&client.pushed(uri, 3)), ["invalid-value"]);
    // An old version is as bad as a wrong place.
    client.notify(
        "textDocument/didChange",
        json!({
            "textDocument": {"uri": uri, "version": 3},
            "contentChanges": [{"range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}, "text": "x"}],
        }),
    );
    client.hear("window/showMessage");
}

#[test]
fn of_a_large_file_only_the_syntax_is_checked() {
    let mut client = Client::start(json!({}), None);
    let uri = "file:///nowhere/a.service";
    client.open(uri, "systemd", &format!("{BAD}{}nonsense\n", "# a comment\n".repeat(100_000)));
    assert_eq!(codes(&client.pushed(uri, 1)), ["file-too-large", "missing-equals"]);
    assert_eq!(client.at("textDocument/hover", uri, 2, 0), Ok(Value::Null));
}

#[test]
fn documents_are_formatted() {
    let mut client = Client::start_with(json!({}), None, json!({"fmt": {"max-blank-lines": 0}}));
    let uri = "file:///nowhere/a.service";
    client.open(uri, "systemd", "[Service]\n\nNice = 5\nType=simple  \nExecStart=/bin/a \\\n");
    let whole = client.request(
        "textDocument/formatting",
        json!({"textDocument": {"uri": uri}, "options": {"tabSize": 4, "insertSpaces": true}}),
    );
    let edits = whole.expect("an answer");
    let edits = edits.as_array().expect("a list");
    assert!(edits.iter().any(|edit| edit["range"]["start"]["line"] == 2), "{edits:?}");
    let range = json!({"start": {"line": 2, "character": 0}, "end": {"line": 2, "character": 8}});
    let params = json!({"textDocument": {"uri": uri}, "range": range, "options": {"tabSize": 4, "insertSpaces": true}});
    let part = client.request("textDocument/rangeFormatting", params).expect("an answer");
    let part = part.as_array().expect("a list");
    assert!(!part.is_empty() && part.iter().all(|edit| edit["range"]["start"]["line"] == 2), "{part:?}");
    let typed = json!({
        "textDocument": {"uri": uri}, "position": {"line": 5, "character": 0}, "ch": "\n",
        "options": {"tabSize": 4, "insertSpaces": true},
    });
    let typed = client.request("textDocument/onTypeFormatting", typed).expect("an answer");
    assert_eq!(typed[0]["newText"], "    ");
}

#[test]
fn a_client_that_never_answers_gets_diagnostics_and_can_leave() {
    let folder = Folder::new(&[("a.service", BAD)]);
    let mut client = Client::spawn();
    client.silent = true;
    let capabilities = json!({
        "window": {"workDoneProgress": true},
        "workspace": {"configuration": true, "didChangeWatchedFiles": {"dynamicRegistration": true}},
    });
    client.shake_hands(capabilities, Some(&folder.path("")));
    let found = client.hear("textDocument/publishDiagnostics");
    assert_eq!(codes(found["diagnostics"].as_array().expect("a list")), ["invalid-value"]);
    assert_eq!(client.leave(), Some(0));
}

#[test]
fn it_ends_when_its_input_does() {
    let mut client = Client::spawn();
    client.silent = true;
    client.shake_hands(json!({"workspace": {"configuration": true}}), None);
    assert_eq!(client.hang_up(), Some(1));
}

#[test]
fn every_folder_has_its_own_settings() {
    let loud = Folder::new(&[("a.service", GOOD), ("svlsp.toml", "select = [\"missing-description\"]\n")]);
    let quiet = Folder::new(&[("a.service", GOOD)]);
    let mut client = Client::start(pulling(), Some(&loud.path("")));
    assert_eq!(workspace(&mut client, &[]).len(), 1);
    let folder = |path: &Folder| json!({"uri": uri(&path.path("")), "name": "other"});
    let event = json!({"event": {"added": [folder(&quiet)], "removed": []}});
    client.notify("workspace/didChangeWorkspaceFolders", event);
    client.hear("workspace/diagnostic/refresh");
    client.hear("workspace/diagnostic/refresh");
    let news = workspace(&mut client, &[]);
    assert_eq!(news.iter().map(|(uri, ..)| uri.clone()).collect::<Vec<_>>(), [uri(&loud.path("a.service"))]);
    let event = json!({"event": {"added": [], "removed": [folder(&loud)]}});
    client.notify("workspace/didChangeWorkspaceFolders", event);
    client.hear("workspace/diagnostic/refresh");
    assert_eq!(workspace(&mut client, &[]), []);
}

#[test]
fn what_changes_on_the_disk_is_read_again() {
    let folder = Folder::new(&[("a.service", BAD)]);
    let mut capabilities = pulling();
    capabilities["workspace"]["didChangeWatchedFiles"]["dynamicRegistration"] = true.into();
    let mut client = Client::start(capabilities, Some(&folder.path("")));
    let watched = client.hear("client/registerCapability")["registrations"][0].clone();
    assert_eq!(watched["method"], "workspace/didChangeWatchedFiles");
    assert_eq!(workspace(&mut client, &[])[0].2, "invalid-value");
    client.hear("workspace/diagnostic/refresh");
    folder.write("a.service", GOOD);
    let change = json!({"uri": uri(&folder.path("a.service")), "type": 2});
    client.notify("workspace/didChangeWatchedFiles", json!({"changes": [change]}));
    client.hear("workspace/diagnostic/refresh");
    assert_eq!(workspace(&mut client, &[]), []);
}

#[test]
fn units_are_known_by_their_text_too() {
    let mut client = Client::start(json!({}), None);
    for (uri, text, found) in [
        ("untitled:Untitled-1", BAD, vec!["invalid-value"]),
        ("file:///etc/systemd/system/a.service.d/.%23override.conf0123456789abcdef", BAD, vec!["invalid-value"]),
        ("untitled:Untitled-2", "[Timer]\nOnCalendar=never\n", vec!["invalid-value"]),
    ] {
        client.open(uri, "systemd", text);
        let diagnostics = client.pushed(uri, 1);
        assert_eq!(codes(&diagnostics), found, "{uri} {diagnostics:?}");
    }
}

#[test]
fn off_in_the_client_counts_over_a_backend_in_the_folder() {
    let folder = Folder::new(&[("a.service", GOOD), ("svlsp.toml", "hints = \"s6\"\n")]);
    let hints = |settings: Value| {
        let mut client = Client::start_with(pulling(), Some(&folder.path("")), settings);
        workspace(&mut client, &[]);
        let uri = uri(&folder.path("a.service"));
        client.open(&uri, "systemd", GOOD);
        let range = json!({"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}});
        let hints = client.request("textDocument/inlayHint", json!({"textDocument": {"uri": uri}, "range": range}));
        hints.expect("an answer").as_array().map_or(0, Vec::len)
    };
    assert_eq!(hints(json!({})), 2);
    assert_eq!(hints(json!({"hints": "off"})), 0);
}

#[test]
fn what_was_open_while_the_folder_was_read_is_still_there_when_it_is_closed() {
    let folder = Folder::new(&[("a.service", BAD)]);
    let mut client = Client::spawn();
    client.settings = json!({});
    let a = uri(&folder.path("a.service"));
    client.shake_hands(pulling(), Some(&folder.path("")));
    client.open(&a, "systemd", GOOD);
    assert_eq!(workspace(&mut client, &[]), []);
    client.notify("workspace/didChangeWatchedFiles", json!({"changes": []}));
    client.hear("workspace/diagnostic/refresh");
    client.hear("workspace/diagnostic/refresh");
    client.notify("textDocument/didClose", json!({"textDocument": {"uri": a}}));
    assert_eq!(workspace(&mut client, &[])[0].2, "invalid-value");
}

#[test]
fn a_text_of_another_scheme_is_not_the_file() {
    let folder = Folder::new(&[("a.service", GOOD)]);
    let mut client = Client::start(pulling(), Some(&folder.path("")));
    workspace(&mut client, &[]);
    client.open(&uri(&folder.path("a.service")).replace("file:", "git:"), "systemd", BAD);
    let found = workspace(&mut client, &[]);
    assert!(found.iter().all(|(uri, ..)| uri.starts_with("git:")), "{found:?}");
}

#[test]
fn a_link_beside_a_unit_of_no_folder_is_not_followed() {
    let folder = Folder::new(&[("secret/leak.conf", "[Service]\nUser=secretuser\n"), ("units/a.service", GOOD)]);
    std::os::unix::fs::symlink(folder.path("secret"), folder.path("units/a.service.d")).expect("a link can be made");
    let mut client = Client::start(json!({}), None);
    let uri = uri(&folder.path("units/a.service"));
    client.open(&uri, "systemd", "[Service]\nExecStart=/bin/true\nUser=web\n");
    let hover = client.at("textDocument/hover", &uri, 2, 1).expect("an answer").to_string();
    assert!(hover.contains("User=") && !hover.contains("secretuser"), "{hover}");
}

#[test]
fn a_folder_in_another_one_has_its_files_for_itself() {
    let folder = Folder::new(&[("in/a.service", BAD), ("in/svlsp.toml", "ignore = [\"invalid-value\"]\n")]);
    let mut client = Client::start(pulling(), Some(&folder.path("")));
    assert_eq!(workspace(&mut client, &[]).len(), 1);
    // Two scans asked for at once are one: each is waited for.
    client.hear("workspace/diagnostic/refresh");
    let inner = json!({"uri": uri(&folder.path("in")), "name": "in"});
    for _ in 0..2 {
        let event = json!({"event": {"added": [inner], "removed": []}});
        client.notify("workspace/didChangeWorkspaceFolders", event);
        client.hear("workspace/diagnostic/refresh");
    }
    assert_eq!(workspace(&mut client, &[]), []);
}
