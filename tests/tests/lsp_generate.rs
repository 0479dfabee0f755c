//! Previews of an open unit and directories written of it, over real standard input and output.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use expect_test::{Expect, expect};
use serde_json::{Value, json};
use svlsp_tests::lsp::{Client, uri};

#[path = "cli_harness/mod.rs"]
mod harness;

use harness::Folder;

const UNIT: &str = "[Service]\nExecStart=/bin/sleep 1000\nUser=www-data\nNotifyAccess=all\nIPAddressDeny=any\n";
const BACKENDS: [&str; 4] = ["runit", "s6", "s6-rc", "nosh"];

fn preview(client: &mut Client, uri: &str, backend: &str) -> Result<Value, Value> {
    client.request("svlsp/preview", json!({"textDocument": {"uri": uri}, "backend": backend}))
}

fn execute(client: &mut Client, command: &str, arguments: Value) -> Result<Value, Value> {
    client.request("workspace/executeCommand", json!({"command": command, "arguments": arguments}))
}

/// What a preview says of each file: whether it can be run, where it leads, what is in it.
fn shown(preview: &Value) -> BTreeMap<String, (bool, Option<String>, String)> {
    let files = preview["files"].as_array().expect("a list");
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let file = |file: &Value| {
        let executable = file["executable"].as_bool().expect("a boolean");
        let content = text(&file["content"]).expect("a text");
        (text(&file["path"]).expect("a path"), (executable, text(&file["link"]), content))
    };
    files.iter().map(file).collect()
}

/// The same of what is on the disk, svlsp's stamps left out.
fn written(folder: &Path) -> BTreeMap<String, (bool, Option<String>, String)> {
    use std::os::unix::fs::PermissionsExt;
    let mut all = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(inner) = open.pop() {
        for entry in fs::read_dir(inner).expect("it can be listed").map(|entry| entry.expect("an entry")) {
            let path = entry.path();
            let name = path.strip_prefix(folder).expect("it is in there").display().to_string();
            let metadata = path.symlink_metadata().expect("it can be looked at");
            if metadata.is_dir() {
                open.push(path);
            } else if metadata.is_symlink() {
                let to = fs::read_link(&path).expect("a link").display().to_string();
                all.insert(name, (false, Some(to), String::new()));
            } else if entry.file_name() != ".svlsp" {
                let executable = metadata.permissions().mode() & 0o777 == 0o755;
                all.insert(name, (executable, None, fs::read_to_string(&path).expect("a text")));
            }
        }
    }
    all
}

#[test]
fn a_preview_is_what_convert_writes_and_what_generate_writes() {
    let folder = Folder::new(&[("web.service", UNIT)]);
    let mut client = Client::start(json!({}), None);
    let unit = uri(&folder.path("web.service"));
    client.open(&unit, "systemd", UNIT);
    for backend in BACKENDS {
        let preview = preview(&mut client, &unit, backend).expect("a preview");
        let mut shown = shown(&preview);
        // Empty directories are no files.
        shown.retain(|path, _| !path.ends_with('/'));
        let output = folder.svlsp(&["convert", "web.service", "--to", backend, "--out", &format!("by-{backend}")]);
        let output = { output }.output().expect("svlsp runs");
        assert!(output.status.success(), "{output:?}");
        assert_eq!(shown, written(&folder.path(&format!("by-{backend}"))), "{backend}");

        let answer = execute(&mut client, "svlsp.generate", json!([unit, backend])).expect("an answer");
        let message = client.hear("window/showMessage");
        assert_eq!(message["type"], 3, "{message}");
        assert_eq!(shown, written(&folder.path(backend)), "{backend}");
        assert!(folder.path(backend).join("web").is_dir());
        let first = answer["directories"][0].as_str().expect("a path").to_owned();
        assert!(Path::new(&first).starts_with(folder.path(backend)) && message.to_string().contains(&first));
        assert_eq!(preview["fates"]["lost"], 1, "{preview}");
    }
}

#[test]
fn a_preview_follows_what_is_typed() {
    let mut client = Client::start(json!({}), None);
    let unit = "file:///nowhere/web.service";
    client.open(unit, "systemd", UNIT);
    let run = |client: &mut Client| {
        let preview = preview(client, unit, "s6").expect("a preview");
        shown(&preview)["web/run"].2.clone()
    };
    assert!(run(&mut client).contains("s6-setuidgid www-data"));
    client.replace(unit, 2, &UNIT.replace("www-data", "nobody"));
    assert_eq!(client.hear("svlsp/previewChanged"), json!({"uri": unit}));
    assert!(run(&mut client).contains("s6-setuidgid nobody"));
    // While a line is being typed there is still something to see.
    client.replace(unit, 3, &UNIT.replace("User=www-data", "Nice=ninety"));
    let torn = preview(&mut client, unit, "s6").expect("a preview");
    assert_eq!(
        torn["notes"][0],
        "nothing is written as long as the unit is in error: line 3: Nice= takes an integer from -20 to 19, not \"ninety\""
    );
    assert!(shown(&torn).contains_key("web/run"));
}

#[test]
fn a_preview_is_of_the_whole_unit() {
    let drop_in = "[Service]\nUser=nobody\n";
    let folder = Folder::new(&[("web.service", UNIT), ("web.service.d/user.conf", drop_in)]);
    let mut client = Client::start(json!({}), Some(&folder.path("")));
    let (unit, part) = (uri(&folder.path("web.service")), uri(&folder.path("web.service.d/user.conf")));
    client.open(&unit, "systemd", UNIT);
    client.open(&part, "systemd", drop_in);
    let run = |client: &mut Client, of: &str| {
        preview(client, of, "runit").ok().and_then(|preview| shown(&preview).get("web/run").map(|run| run.2.clone()))
    };
    // The folder is read beside us.
    let mut text = None;
    for _ in 0..1000 {
        text = run(&mut client, &part);
        if text.is_some() {
            break;
        }
    }
    let text = text.expect("a drop-in is part of its unit");
    assert!(text.contains("nobody"), "{text}");
    assert_eq!(run(&mut client, &unit), Some(text));
    client.replace(&part, 2, "[Service]\nUser=games\n");
    let mut told = vec![client.hear("svlsp/previewChanged")["uri"].clone()];
    while !told.contains(&json!(unit)) {
        told.push(client.hear("svlsp/previewChanged")["uri"].clone());
    }
    assert!(run(&mut client, &unit).expect("a script").contains("games"));
}

#[test]
fn a_unit_of_no_folder_has_its_drop_ins_too() {
    let drop_in = "[Service]\nUser=nobody\n";
    let folder = Folder::new(&[("web.service", UNIT), ("web.service.d/user.conf", drop_in)]);
    let mut client = Client::start(json!({}), None);
    let run = |client: &mut Client, uri: &str| {
        let preview = preview(client, uri, "s6").expect("a preview");
        shown(&preview)["web/run"].2.clone()
    };
    let (unit, part) = (uri(&folder.path("web.service")), uri(&folder.path("web.service.d/user.conf")));
    client.open(&unit, "systemd", UNIT);
    assert!(run(&mut client, &unit).contains("s6-setuidgid nobody"));
    client.open(&part, "systemd", drop_in);
    client.replace(&part, 2, "[Service]\nUser=games\n");
    assert!(run(&mut client, &unit).contains("s6-setuidgid games"));
    assert!(run(&mut client, &part).contains("s6-setuidgid games"));
    client.notify("textDocument/didClose", json!({"textDocument": {"uri": part}}));
    // What was typed and not saved doesn't count any more.
    assert!(run(&mut client, &unit).contains("s6-setuidgid nobody"));
}

#[test]
fn a_summary_counts_for_every_backend() {
    let mut client = Client::start(json!({}), None);
    let unit = "file:///nowhere/web.service";
    client.open(unit, "systemd", UNIT);
    let summary = client.request("svlsp/summary", json!({"textDocument": {"uri": unit}})).expect("an answer");
    let row = |backend: &str, native: u32, emulated: u32| {
        json!({
            "backend": backend, "chosen": false,
            "native": native, "emulated": emulated, "approximated": 0, "lost": 1, "irrelevant": 1,
        })
    };
    assert_eq!(summary, json!([row("runit", 1, 1), row("s6", 2, 0), row("s6-rc", 2, 0), row("nosh", 2, 0)]));
    client.open("file:///nowhere/supervisord.conf", "supervisord", "[program:a]\ncommand=/bin/a\n");
    let other = json!({"textDocument": {"uri": "file:///nowhere/supervisord.conf"}});
    let summary = client.request("svlsp/summary", other).expect("an answer");
    let backends: Vec<_> = summary.as_array().into_iter().flatten().map(|row| &row["backend"]).collect();
    assert_eq!(backends, ["runit", "s6", "s6-rc", "nosh", "systemd"]);
}

/// What is said when a directory can't be written, and that nothing is.
fn refused(folder: &Folder, client: &mut Client, unit: &str, expect: Expect) {
    assert_eq!(execute(client, "svlsp.generate", json!([unit, "runit"])), Ok(Value::Null));
    let message = client.hear("window/showMessage");
    assert_eq!(message["type"], 2, "{message}");
    let text = message["message"].as_str().expect("a text").replace(&*folder.path("").to_string_lossy(), "FOLDER/");
    expect.assert_eq(&text);
}

#[test]
fn what_somebody_changed_stays() {
    let folder = Folder::new(&[("web.service", UNIT), ("svlsp.toml", "[convert]\nout = \"sv\"\n")]);
    let mut client = Client::start(json!({}), Some(&folder.path("")));
    let unit = uri(&folder.path("web.service"));
    client.open(&unit, "systemd", UNIT);
    assert!(execute(&mut client, "svlsp.generate", json!([unit, "runit"])).expect("an answer").is_object());
    client.hear("window/showMessage");
    folder.write("sv/web/run", "#!/bin/sh\nexec /bin/mine\n");
    client.replace(&unit, 2, &UNIT.replace("1000", "2000"));
    refused(
        &folder,
        &mut client,
        &unit,
        expect![
            "nothing written for runit: FOLDER/sv/web has been changed since svlsp wrote it: run; svlsp convert --force overwrites that, --diff shows it"
        ],
    );
    assert_eq!(folder.read("sv/web/run"), "#!/bin/sh\nexec /bin/mine\n");
}

#[test]
fn what_is_in_error_is_not_written() {
    let folder = Folder::new(&[]);
    let mut client = Client::start(json!({}), None);
    let open = |client: &mut Client, name: &str, text: &str| {
        let unit = uri(&folder.path(name));
        client.open(&unit, "systemd", text);
        unit
    };
    let torn = open(&mut client, "a.service", "[Service]\nExecStart=/bin/a\nNice=ninety\n");
    refused(
        &folder,
        &mut client,
        &torn,
        expect![[r#"nothing written for runit: line 3: Nice= takes an integer from -20 to 19, not "ninety""#]],
    );
    let template = open(&mut client, "a@.service", UNIT);
    refused(
        &folder,
        &mut client,
        &template,
        expect![
            "nothing written for runit: a template doesn't run itself; `svlsp convert` makes directories of its instances"
        ],
    );
    let drop_in = open(&mut client, "b.service.d/a.conf", UNIT);
    refused(
        &folder,
        &mut client,
        &drop_in,
        expect!["nothing written for runit: the unit file that it adds to isn't known here"],
    );
    client.open("untitled:Untitled-1", "systemd", UNIT);
    refused(
        &folder,
        &mut client,
        "untitled:Untitled-1",
        expect!["nothing written for runit: nobody knows where to; save the unit first, or set `convert.out`"],
    );
    assert!(!folder.path("runit").exists());
}

#[test]
fn what_was_never_saved_goes_to_the_folder() {
    let folder = Folder::new(&[]);
    let mut client = Client::start(json!({}), Some(&folder.path("")));
    client.open("untitled:Untitled-1", "systemd", UNIT);
    assert!(
        execute(&mut client, "svlsp.generate", json!(["untitled:Untitled-1", "runit"])).expect("an answer").is_object()
    );
    assert!(folder.read("runit/unnamed/run").contains("www-data"));
}

#[test]
fn bad_arguments_have_a_proper_error() {
    let mut client = Client::start(json!({}), None);
    client.open("file:///a.service", "systemd", UNIT);
    let mut told = Vec::new();
    for arguments in [json!([]), json!(["file:///a.service"]), json!([1, 2]), json!(["file:///a.service", "upstart"])] {
        told.push(execute(&mut client, "svlsp.generate", arguments).expect_err("an error"));
    }
    told.push(execute(&mut client, "svlsp.dance", json!([])).expect_err("an error"));
    told.push(execute(&mut client, "svlsp.generate", json!(["file:///b.service", "s6"])).expect_err("an error"));
    told.push(preview(&mut client, "file:///a.service", "upstart").expect_err("an error"));
    told.push(preview(&mut client, "file:///b.service", "s6").expect_err("an error"));
    for params in [json!({}), json!({"textDocument": {"uri": 5}, "backend": "s6"}), json!([])] {
        assert_eq!(client.request("svlsp/preview", params.clone()).expect_err("an error")["code"], -32602);
        assert_eq!(client.request("svlsp/summary", params).expect_err("an error")["code"], -32602);
    }
    assert!(told.iter().all(|error| error["code"] == -32602), "{told:#?}");
    let told: Vec<&str> = told.iter().filter_map(|error| error["message"].as_str()).collect();
    expect![[r#"
        svlsp.generate: expected the URI of a unit and a backend
        svlsp.generate: expected the URI of a unit and a backend
        svlsp.generate: expected the URI of a unit and a backend
        no backend "upstart": expected runit, s6, s6-rc, nosh, systemd
        no command "svlsp.dance": expected svlsp.generate, svlsp.chooseBackend
        file:///b.service: no such document is open here
        no backend "upstart": expected runit, s6, s6-rc, nosh, systemd
        file:///b.service: no such document is open here"#]]
    .assert_eq(&told.join("\n"));
}
