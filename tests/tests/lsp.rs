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
    let pull = |client: &mut Client| {
        let params = json!({"textDocument": {"uri": &uri}});
        let report = client.request("textDocument/diagnostic", params).expect("an answer");
        codes(report["items"].as_array().expect("a list")).join(" ")
    };
    // The folder is read beside us: its end is when the client is asked to pull again.
    let mut found = pull(&mut client);
    for _ in 0..1000 {
        if !found.is_empty() {
            break;
        }
        found = pull(&mut client);
    }
    assert_eq!(found, "exec-start-not-reset");
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
