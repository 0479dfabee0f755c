//! Hover, over real standard input and output.

use serde_json::{Value, json};
use svlsp_tests::lsp::{Client, Columns};

const URI: &str = "file:///nowhere/a.service";

fn hover(capabilities: Value, text: &str, columns: Columns) -> (String, Value) {
    let mut client = Client::start(columns.with(capabilities), None);
    let (text, answer) = client.at_cursor("textDocument/hover", URI, text, columns);
    (text, answer.expect("an answer"))
}

#[test]
fn a_setting_is_explained_where_it_stands() {
    let markdown = json!({"textDocument": {"hover": {"contentFormat": ["markdown", "plaintext"]}}});
    for columns in Columns::ALL {
        let source = "[Unit]\nDescription=𝄞𝄞$0 b\n";
        let (text, hover) = hover(markdown.clone(), source, columns);
        assert_eq!(columns.text(&text, &hover["range"]), "𝄞𝄞 b");
        assert_eq!(hover["contents"]["kind"], "markdown");
        let shown = hover["contents"]["value"].as_str().expect("a text");
        assert!(shown.starts_with("**Description=** in [Unit]"), "{shown}");
    }
}

#[test]
fn who_can_show_only_text_gets_text() {
    let (_, hover) = hover(json!({}), "[Uni$0t]\n", Columns::Utf16);
    assert_eq!(hover["contents"]["kind"], "plaintext");
    let shown = hover["contents"]["value"].as_str().expect("a text");
    assert!(shown.starts_with("[Unit]\n") && !shown.contains("```"), "{shown}");
}

#[test]
fn where_nothing_stands_nothing_is_said() {
    assert_eq!(hover(json!({}), "[Unit]\n$0\n", Columns::Utf8).1, Value::Null);
}
