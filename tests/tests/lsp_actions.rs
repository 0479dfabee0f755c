//! Code actions, inlay hints and code lenses, over real standard input and output.

use expect_test::{Expect, expect};
use serde_json::{Value, json};
use svlsp_tests::lsp::{Client, uri};

#[path = "cli_harness/mod.rs"]
mod harness;

use harness::Folder;

const UNIT: &str = "\
[Unit]
Description=Web
After=network.target

[Service]
ExecStart=/usr/sbin/web --config /etc/web.conf --listen 127.0.0.1:8080 --verbose --log syslog
User=www-data
IPAddressDeny=any
";

/// What a modern editor can do, ours with our plugin.
fn modern() -> Value {
    json!({
        "textDocument": {"codeAction": {
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}},
            "disabledSupport": true,
            "dataSupport": true,
            "resolveSupport": {"properties": ["edit"]},
        }},
        "workspace": {
            "workspaceEdit": {"documentChanges": true, "resourceOperations": ["create"]},
            "inlayHint": {"refreshSupport": true},
            "codeLens": {"refreshSupport": true},
        },
        "experimental": {"svlsp": {"commands": true}},
    })
}

/// What an old one can.
fn plain() -> Value {
    json!({"textDocument": {"codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}}}})
}

/// Everything in the lines `from` to `to`, of the kinds in `only`.
fn actions(client: &mut Client, uri: &str, (from, to): (u32, u32), only: &[&str], diagnostics: &Value) -> Vec<Value> {
    let mut context = json!({"diagnostics": diagnostics});
    if !only.is_empty() {
        context["only"] = json!(only);
    }
    let params = json!({
        "textDocument": {"uri": uri},
        "range": {"start": {"line": from, "character": 0}, "end": {"line": to, "character": 0}},
        "context": context,
    });
    let answer = client.request("textDocument/codeAction", params).expect("an answer");
    answer.as_array().expect("a list").clone()
}

fn titles(actions: &[Value]) -> String {
    let line = |action: &Value| {
        let text = |key: &str| action[key].as_str().unwrap_or_default().to_owned();
        let mut line = format!("{}: {}", text("kind"), text("title"));
        if action["isPreferred"] == true {
            line.push_str(" (preferred)");
        }
        if let Some(reason) = action["disabled"]["reason"].as_str() {
            line.push_str(&format!(" (disabled: {reason})"));
        }
        line
    };
    actions.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// A text of ASCII with the edits of an action applied, which are those of one document.
fn applied(text: &str, action: &Value) -> String {
    let edit = &action["edit"];
    let edits = match edit["documentChanges"].as_array() {
        Some(changes) => changes.last().expect("a change")["edits"].clone(),
        None => edit["changes"].as_object().expect("changes").values().next().expect("a document").clone(),
    };
    let mut edits = edits.as_array().expect("a list").clone();
    edits.sort_by_key(|edit| offset(text, &edit["range"]["start"]));
    let mut text = text.to_owned();
    for edit in edits.iter().rev() {
        let range = offset(&text, &edit["range"]["start"])..offset(&text, &edit["range"]["end"]);
        text.replace_range(range, edit["newText"].as_str().expect("a text"));
    }
    text
}

fn offset(text: &str, position: &Value) -> usize {
    let number = |key: &str| position[key].as_u64().expect("a number") as usize;
    text.split_inclusive('\n').take(number("line")).map(str::len).sum::<usize>() + number("character")
}

fn named<'a>(actions: &'a [Value], title: &str) -> &'a Value {
    actions
        .iter()
        .find(|action| action["title"].as_str().is_some_and(|known| known.starts_with(title)))
        .expect("there is one")
}

const WRONG: &str = "[Service]\nExecStart=/bin/true\nRestrt=always\nNice = ninety\nNoNewPrivilegs=yes\n";

#[test]
fn rules_offer_their_fixes() {
    let mut client = Client::start(modern(), None);
    let unit = "file:///nowhere/a.service";
    client.open(unit, "systemd", WRONG);
    let pushed = json!(client.pushed(unit, 1));
    let found = actions(&mut client, unit, (2, 2), &["quickfix"], &Value::Array(vec![]));
    expect![[r#"
        quickfix: Rename to Restart= (preferred)
        quickfix: Ignore unknown-directive here"#]]
    .assert_eq(&titles(&found));
    expect![[r#"
        [Service]
        ExecStart=/bin/true
        Restart=always
        Nice = ninety
        NoNewPrivilegs=yes
    "#]]
    .assert_eq(&applied(WRONG, named(&found, "Rename")));
    expect![[r#"
        [Service]
        ExecStart=/bin/true
        # svlsp: ignore[unknown-directive]
        Restrt=always
        Nice = ninety
        NoNewPrivilegs=yes
    "#]]
    .assert_eq(&applied(WRONG, named(&found, "Ignore")));
    assert_eq!(named(&found, "Rename")["edit"]["documentChanges"][0]["textDocument"]["version"], 1);
    // What the client sends back is taken as it is, wherever the range lies.
    let sent = actions(&mut client, unit, (0, 0), &["quickfix"], &pushed);
    expect![[r#"
        quickfix: Rename to Restart= (preferred)
        quickfix: Rename to NoNewPrivileges= (preferred)
        quickfix: Ignore unknown-directive here
        quickfix: Ignore invalid-value here
        quickfix: Ignore unknown-directive here"#]]
    .assert_eq(&titles(&sent));
    // But not once the text has changed.
    client.replace(unit, 2, &format!("# one more line\n{WRONG}"));
    let again = actions(&mut client, unit, (3, 3), &["quickfix"], &pushed);
    assert_eq!(titles(&again), titles(&found));
    assert!(applied(&format!("# one more line\n{WRONG}"), named(&again, "Rename")).contains("\nRestart=always\n"));
    assert!(actions(&mut client, unit, (0, 9), &["source.organizeImports"], &pushed).is_empty());
}

#[test]
fn all_certain_fixes_are_those_of_check() {
    let wrong = "[Service]\nExecStart=/bin/true > /dev/null\nRestrt=always\nRestart=no # never\n[Service\nNice=5\n";
    let folder = Folder::new(&[("a.service", wrong)]);
    for capabilities in [modern(), plain()] {
        let mut client = Client::start(capabilities, None);
        let unit = uri(&folder.path("a.service"));
        client.open(&unit, "systemd", wrong);
        let found = actions(&mut client, &unit, (0, 0), &["source.fixAll"], &Value::Array(vec![]));
        assert_eq!(titles(&found), "source.fixAll.svlsp: Fix all that svlsp can fix for sure");
        let action = match found[0].get("edit") {
            Some(_) => found[0].clone(),
            None => client.request("codeAction/resolve", found[0].clone()).expect("an answer"),
        };
        let mended = applied(wrong, &action);
        folder.write("mended/a.service", wrong);
        folder.svlsp(&["check", "--fix", "mended/a.service"]).output().expect("svlsp runs");
        assert_eq!(mended, folder.read("mended/a.service"));
        assert_ne!(mended, wrong);
        client.replace(&unit, 2, &mended);
        assert!(actions(&mut client, &unit, (0, 0), &["source"], &Value::Array(vec![])).is_empty());
    }
}

#[test]
fn a_unit_offers_what_can_be_done_with_it() {
    let folder = Folder::new(&[("web.service", UNIT)]);
    let mut client = Client::start(modern(), None);
    let unit = uri(&folder.path("web.service"));
    client.open(&unit, "systemd", UNIT);
    let found = actions(&mut client, &unit, (5, 5), &[], &Value::Array(vec![]));
    expect![[r#"
        refactor.rewrite.svlsp: Run it by /bin/sh -c
        refactor.rewrite.svlsp: Split the line
        refactor.rewrite.svlsp: Add an [Install] section
        refactor.extract.svlsp: Override ExecStart= in a drop-in
        refactor.rewrite.svlsp: Generate runit directory (1 setting lost)
        refactor.rewrite.svlsp: Generate s6 directory (1 setting lost)
        refactor.rewrite.svlsp: Generate s6-rc directory (1 setting lost)
        refactor.rewrite.svlsp: Generate nosh directory (1 setting lost)"#]]
    .assert_eq(&titles(&found));
    expect![[r#"
        [Unit]
        Description=Web
        After=network.target

        [Service]
        ExecStart=/usr/sbin/web \
            --config /etc/web.conf \
            --listen 127.0.0.1:8080 \
            --verbose \
            --log syslog
        User=www-data
        IPAddressDeny=any
    "#]]
    .assert_eq(&applied(UNIT, named(&found, "Split")));
    expect![[r#"
        [Unit]
        Description=Web
        After=network.target

        [Service]
        ExecStart=/usr/sbin/web --config /etc/web.conf --listen 127.0.0.1:8080 --verbose --log syslog
        User=www-data
        IPAddressDeny=any

        [Install]
        WantedBy=multi-user.target
    "#]]
    .assert_eq(&applied(UNIT, named(&found, "Add an [Install]")));

    let command = &named(&found, "Generate runit")["command"];
    client.request("workspace/executeCommand", command.clone()).expect("an answer");
    assert!(folder.path("runit/web/run").is_file());
}

#[test]
fn a_drop_in_is_created_or_added_to() {
    let folder = Folder::new(&[("web.service", UNIT)]);
    let unit = uri(&folder.path("web.service"));
    let offered = |capabilities: Value| {
        let mut client = Client::start(capabilities, None);
        client.open(&unit, "systemd", UNIT);
        actions(&mut client, &unit, (5, 5), &["refactor.extract"], &Value::Array(vec![]))
    };
    let created = offered(modern());
    let changes = &created[0]["edit"]["documentChanges"];
    let target = uri(&folder.path("web.service.d/override.conf"));
    assert_eq!(changes[0], json!({"kind": "create", "uri": target}));
    assert_eq!(changes[1]["textDocument"]["uri"], *target);
    expect![[r#"
        [Service]
        ExecStart=
        ExecStart=/usr/sbin/web --config /etc/web.conf --listen 127.0.0.1:8080 --verbose --log syslog
    "#]]
    .assert_eq(&applied("", &created[0]));
    assert!(offered(plain()).is_empty());
    let known = "[Service]\nNice=5\n";
    folder.write("web.service.d/override.conf", known);
    let (all, few) = (offered(modern()), offered(plain()));
    assert_eq!(applied(known, &all[0]), applied(known, &few[0]));
    assert!(few[0]["edit"]["changes"][&target].is_array());
    expect![[r#"
        [Service]
        Nice=5

        [Service]
        ExecStart=
        ExecStart=/usr/sbin/web --config /etc/web.conf --listen 127.0.0.1:8080 --verbose --log syslog
    "#]]
    .assert_eq(&applied(known, &all[0]));
}

#[test]
fn a_unit_in_error_is_not_generated() {
    for (capabilities, expect) in [
        (
            modern(),
            expect![[r#"
                refactor.rewrite.svlsp: Generate runit directory (disabled: line 3: Nice= takes an integer from -20 to 19, not "ninety")
                refactor.rewrite.svlsp: Generate s6 directory (disabled: line 3: Nice= takes an integer from -20 to 19, not "ninety")
                refactor.rewrite.svlsp: Generate s6-rc directory (disabled: line 3: Nice= takes an integer from -20 to 19, not "ninety")
                refactor.rewrite.svlsp: Generate nosh directory (disabled: line 3: Nice= takes an integer from -20 to 19, not "ninety")"#]],
        ),
        (plain(), expect![[""]]),
    ] {
        let mut client = Client::start(capabilities, None);
        let unit = "file:///nowhere/a.service";
        client.open(unit, "systemd", "[Service]\nExecStart=/bin/true\nNice=ninety\n[Install]\n");
        let mut found = actions(&mut client, unit, (0, 0), &["refactor"], &Value::Array(vec![]));
        found.retain(|action| action["title"].as_str().is_some_and(|title| title.starts_with("Generate")));
        expect.assert_eq(&titles(&found));
    }
}

#[test]
fn who_knows_commands_alone_gets_these() {
    let mut client = Client::start(json!({}), None);
    let unit = "file:///nowhere/a.service";
    client.open(unit, "systemd", UNIT);
    let found = actions(&mut client, unit, (5, 5), &[], &Value::Array(vec![]));
    let commands: Vec<_> = found.iter().map(|action| action["command"].as_str()).collect();
    assert_eq!(commands, [Some("svlsp.generate"); 4]);
}

/// The hints of the lines `from` to `to`.
fn hints(client: &mut Client, uri: &str, from: u32, to: u32) -> String {
    let params = json!({
        "textDocument": {"uri": uri},
        "range": {"start": {"line": from, "character": 0}, "end": {"line": to, "character": 0}},
    });
    let answer = client.request("textDocument/inlayHint", params).expect("an answer");
    let hints = answer.as_array().expect("a list").iter().map(|hint| {
        assert_eq!(hint["tooltip"]["kind"], "markdown");
        let at = &hint["position"];
        format!(
            "{}:{} {}  {}",
            at["line"],
            at["character"],
            hint["label"].as_str().expect("a text"),
            hint["tooltip"]["value"]
        )
    });
    hints.collect::<Vec<_>>().join("\n")
}

#[test]
fn hints_are_for_the_chosen_backend() {
    let mut client = Client::start_with(modern(), None, json!({"hints": "s6"}));
    let unit = "file:///nowhere/web.service";
    client.open(unit, "systemd", &UNIT.replace(" --verbose", " \\\n  --verbose"));
    expect![[r#"
        2:20 ~ s6-svscan starts it at once  "**After=** on s6: approximated: `s6-svscan` starts it at once; nobody waits for the network and the like"
        6:24 → the program that run becomes  "**ExecStart=** on s6: native: the program that `run` becomes"
        7:13 → s6-setuidgid www-data  "**User=** on s6: native: `s6-setuidgid`"
        8:17 ✗ s6: no equivalent  "**IPAddressDeny=** on s6: lost: needs BPF programs on the cgroup, which no stock tool loads""#]].assert_eq(&hints(&mut client, unit, 0, 99));
    expect![[r#"7:13 → s6-setuidgid www-data  "**User=** on s6: native: `s6-setuidgid`""#]].assert_eq(&hints(
        &mut client,
        unit,
        7,
        8,
    ));
    let choose = |client: &mut Client, backend: Value| {
        let params = json!({"command": "svlsp.chooseBackend", "arguments": [backend]});
        client.request("workspace/executeCommand", params)
    };
    choose(&mut client, json!("off")).expect("an answer");
    client.hear("workspace/inlayHint/refresh");
    client.hear("workspace/codeLens/refresh");
    assert_eq!(hints(&mut client, unit, 0, 99), "");
    choose(&mut client, json!("runit")).expect("an answer");
    expect![[r#"8:17 ✗ runit: no equivalent  "**IPAddressDeny=** on runit: lost: needs BPF programs on the cgroup, which no stock tool loads""#]].assert_eq(&hints(&mut client, unit, 8, 9));
    assert_eq!(choose(&mut client, json!("upstart")).expect_err("an error")["code"], -32602);
    assert_eq!(choose(&mut client, json!(5)).expect_err("an error")["code"], -32602);
    // The settings count again once they are changed, and the client is told when they are.
    client.notify("workspace/didChangeConfiguration", json!({"settings": {"svlsp": {"hints": "off"}}}));
    while !hints(&mut client, unit, 0, 99).is_empty() {
        client.hear("workspace/inlayHint/refresh");
    }
}

fn lenses(capabilities: Value, name: &str, expect: Expect) {
    let mut client = Client::start_with(capabilities, None, json!({"backend": ["runit", "s6"], "hints": "nosh"}));
    let unit = format!("file:///nowhere/{name}");
    client.open(&unit, "systemd", UNIT);
    let answer = client.request("textDocument/codeLens", json!({"textDocument": {"uri": unit}})).expect("an answer");
    let lenses = answer.as_array().expect("a list").iter().map(|lens| {
        assert_eq!(lens["range"]["start"], json!({"line": 0, "character": 0}));
        let command = &lens["command"];
        format!("{} {} {}", command["title"], command["command"], command["arguments"])
    });
    expect.assert_eq(&lenses.collect::<Vec<_>>().join("\n"));
}

#[test]
fn lenses_count_and_act() {
    lenses(
        modern(),
        "web.service",
        expect![[r#"
        "runit: 1 native, 1 emulated, 1 lost" "svlsp.preview" ["file:///nowhere/web.service","runit"]
        "preview" "svlsp.preview" ["file:///nowhere/web.service","runit"]
        "generate" "svlsp.generateDirectory" ["file:///nowhere/web.service","runit"]
        "s6: 2 native, 1 approximated, 1 lost" "svlsp.preview" ["file:///nowhere/web.service","s6"]
        "preview" "svlsp.preview" ["file:///nowhere/web.service","s6"]
        "generate" "svlsp.generateDirectory" ["file:///nowhere/web.service","s6"]
        "nosh: 3 native, 1 lost" "svlsp.preview" ["file:///nowhere/web.service","nosh"]
        "preview" "svlsp.preview" ["file:///nowhere/web.service","nosh"]
        "generate" "svlsp.generateDirectory" ["file:///nowhere/web.service","nosh"]"#]],
    );
    lenses(
        plain(),
        "web.service",
        expect![[r#"
        "generate runit: 1 native, 1 emulated, 1 lost" "svlsp.generate" ["file:///nowhere/web.service","runit"]
        "generate s6: 2 native, 1 approximated, 1 lost" "svlsp.generate" ["file:///nowhere/web.service","s6"]
        "generate nosh: 3 native, 1 lost" "svlsp.generate" ["file:///nowhere/web.service","nosh"]"#]],
    );
    lenses(
        modern(),
        "web@.service",
        expect![[r#"
        "runit: 1 native, 1 emulated, 1 lost" "" ["file:///nowhere/web@.service","runit"]
        "s6: 2 native, 1 approximated, 1 lost" "" ["file:///nowhere/web@.service","s6"]
        "nosh: 3 native, 1 lost" "" ["file:///nowhere/web@.service","nosh"]"#]],
    );
}
