//! What is told of units that name each other: where they are, who names them, other names for them;
//! over real standard input and output.

use serde_json::{Value, json};
use svlsp_tests::lsp::{Client, Columns, cursor, uri};

#[path = "cli_harness/mod.rs"]
mod harness;

use harness::Folder;

/// What a client can do that lets the server rename files.
fn able() -> Value {
    json!({
        "workspace": {"workspaceEdit": {"documentChanges": true, "resourceOperations": ["create", "rename", "delete"]}},
        "textDocument": {"rename": {"prepareSupport": true}, "definition": {"linkSupport": true}}
    })
}

struct Session {
    folder: Folder,
    client: Client,
    columns: Columns,
}

impl Session {
    fn new(columns: Columns, capabilities: Value, files: &[(&str, &str)]) -> Self {
        Session::of(columns, capabilities, Folder::new(files))
    }

    fn of(columns: Columns, capabilities: Value, folder: Folder) -> Self {
        let client = Client::start(columns.with(capabilities), Some(&folder.path("")));
        Session { folder, client, columns }
    }

    /// Opens a file with this text, a `$0` in it, and says where that is.
    fn open(&mut self, path: &str, text: &str) -> Value {
        let (text, offset) = cursor(text);
        let uri = uri(&self.folder.path(path));
        self.client.open(&uri, "systemd", &text);
        json!({"textDocument": {"uri": uri}, "position": self.columns.position(&text, offset)})
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.client.request(method, params).unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// A file's path in the folder.
    fn path(&self, uri: &Value) -> String {
        let root = svlsp_tests::lsp::uri(&self.folder.path(""));
        let path = uri.as_str().and_then(|uri| uri.strip_prefix(&root));
        path.unwrap_or_else(|| panic!("{uri} is elsewhere")).replace("%40", "@")
    }

    /// "PATH: TEXT" of a location; the text is that of the file on the disk.
    fn location(&self, location: &Value) -> String {
        let path = self.path(&location["uri"]);
        format!("{path}: {}", self.columns.text(&self.folder.read(&path), &location["range"]))
    }

    fn locations(&self, locations: &Value) -> Vec<String> {
        let mut all: Vec<_> = locations.as_array().expect("a list").iter().map(|one| self.location(one)).collect();
        all.sort();
        all
    }
}

/// `params` with something more.
fn with(mut params: Value, key: &str, value: Value) -> Value {
    params[key] = value;
    params
}

#[test]
fn a_name_leads_to_its_file() {
    let files = [
        ("a.service", ""),
        ("b@.service", "[Service]\nExecStart=/bin/b\n"),
        ("a.service.d/x.conf", ""),
        ("etc/env", "A=b\n"),
        ("bin/tool", ""),
    ];
    for columns in Columns::ALL {
        for (source, expected) in [
            ("[Unit]\nAfter=𝄞 b@x$0.service\n", Some("b@.service")),
            ("[Unit]\nAfter=𝄞 $0c.service\n", None),
            ("[Service]\nEnvironmentFile=-/etc/e$0nv\n", Some("etc/env")),
            ("[Service]\nExecStart=/bin/𝄞 /bin/to$0ol\n", Some("bin/tool")),
            ("[Service]\nExecStart=/bin/s$0h\n", None),
            ("[Service]\nUser=%$0i\n", None),
        ] {
            let mut session = Session::new(columns, able(), &files);
            let place = session.open("a.service", source);
            for method in ["textDocument/definition", "textDocument/declaration"] {
                let found = session.ask(method, place.clone());
                let target = found.get(0).map(|link| &link["targetUri"]).or(found.get("uri"));
                assert_eq!(target.map(|uri| session.path(uri)).as_deref(), expected, "{method} {source}");
            }
        }
    }
}

#[cfg(unix)]
#[test]
fn an_alias_leads_to_the_unit_and_the_root_to_others() {
    for (source, expected) in [
        ("[Unit]\nAfter=𝄞 alias.ser$0vice\n", Some("b.service")),
        ("[Unit]\nAfter=𝄞 else@x.ser$0vice\n", Some("root/usr/lib/systemd/system/else@.service")),
        ("[Service]\nExecStart=/usr/bin/to$0ol\n", Some("root/usr/bin/tool")),
        ("[Service]\nExecStart=/usr/bin/o$0ut\n", None),
    ] {
        let folder = Folder::new(&[
            ("a.service", "[Unit]\n"),
            ("b.service", "[Unit]\n"),
            ("root/usr/lib/systemd/system/else@.service", "[Unit]\n"),
            ("root/usr/bin/tool", ""),
        ]);
        folder.link("alias.service", "b.service");
        folder.link("root/usr/bin/out", "/bin/sh");
        folder.write("svlsp.toml", format!("root = \"{}\"\n", folder.path("root").display()));
        let mut session = Session::of(Columns::Utf16, json!({}), folder);
        let place = session.open("a.service", source);
        let found = session.ask("textDocument/definition", place);
        let target = found.get("uri").map(|uri| session.path(uri));
        assert_eq!(target.as_deref(), expected, "{source}");
    }
}

#[test]
fn a_drop_in_leads_to_what_it_adds_to() {
    let base = "# 𝄞\n[Service]\nX=𝄞\nNice=1\nNice=2\n";
    for columns in Columns::ALL {
        for (source, expected) in [
            ("[Service]\nNi$0ce=3\n", "Nice"),
            ("[Ser$0vice]\n", "Service"),
            ("[Service]\nUs$0er=a\n", "Service"),
            ("[Uni$0t]\n", ""),
            ("# a$0\n[Unit]\n", ""),
        ] {
            let mut session =
                Session::new(columns, json!({}), &[("a.service", base), ("a.service.d/x.conf", "[Unit]\n")]);
            let place = session.open("a.service.d/x.conf", source);
            for method in ["textDocument/definition", "textDocument/declaration"] {
                let found = session.ask(method, place.clone());
                assert_eq!(session.location(&found), format!("a.service: {expected}"), "{method} {source}");
            }
        }
    }
}

#[test]
fn all_places_that_name_a_unit_are_found() {
    for columns in Columns::ALL {
        let files = [
            ("a.service", "[Unit]\nDescription=a\n"),
            ("a.service.d/x.conf", "[Unit]\nAfter=c.service\n"),
            ("a.timer", "[Timer]\nOnBootSec=1\n"),
            ("b.service", "[Unit]\nAfter=𝄞 \\\n 𝄞 a.service c.service\nOnFailure=\"a.service\"\n"),
            ("c.service.d/x.conf", "# 𝄞\n[Unit]\nWants=aa.service a.service\n"),
            ("user/d.service", "[Unit]\nAfter=a.service\n"),
        ];
        let mut session = Session::new(columns, json!({}), &files);
        session.folder.write("a.service", "[Unit]\nBefore=𝄞 a.service\n");
        let place = session.open("a.service", "[Unit]\nBefore=𝄞 $0a.service\n");
        let params = with(place.clone(), "context", json!({"includeDeclaration": false}));
        let found = session.ask("textDocument/references", params);
        let named = [
            "a.service.d/x.conf: ",
            "a.service: a.service",
            "a.timer: [Timer]",
            "b.service: \"a.service\"",
            "b.service: a.service",
            "c.service.d/x.conf: a.service",
        ];
        assert_eq!(session.locations(&found), named);
        let found = session.ask("textDocument/references", with(place, "context", json!({"includeDeclaration": true})));
        assert_eq!(session.locations(&found).len(), named.len() + 1);
    }
}

#[test]
fn references_follow_what_is_typed() {
    let files = [("a.service", "[Unit]\n"), ("b.service", "[Unit]\nAfter=a.service\n")];
    let mut session = Session::new(Columns::Utf16, json!({}), &files);
    let other = uri(&session.folder.path("b.service"));
    let place = session.open("a.service", "[Un$0it]\n");
    let params = with(place, "context", json!({"includeDeclaration": false}));
    let count = |session: &mut Session| session.ask("textDocument/references", params.clone()).as_array().map(Vec::len);
    assert_eq!(count(&mut session), Some(1));
    session.client.open(&other, "systemd", "[Unit]\n");
    assert_eq!(count(&mut session), Some(0));
    session.client.replace(&other, 2, "[Unit]\nAfter=a.service a.service\n");
    assert_eq!(count(&mut session), Some(2));
    session.client.notify("textDocument/didClose", json!({"textDocument": {"uri": other}}));
    assert_eq!(count(&mut session), Some(1));
}

/// What an edit does: "PATH: OLD → NEW", "PATH → PATH".
fn changes(session: &Session, edit: &Value) -> Vec<String> {
    let mut out = Vec::new();
    for change in edit["documentChanges"].as_array().expect("a list") {
        if change["kind"] == "rename" {
            out.push(format!("{} → {}", session.path(&change["oldUri"]), session.path(&change["newUri"])));
            continue;
        }
        let path = session.path(&change["textDocument"]["uri"]);
        for one in change["edits"].as_array().expect("a list") {
            let old = session.columns.text(&session.folder.read(&path), &one["range"]).to_owned();
            out.push(format!("{path}: {old:?} → {}", one["newText"]));
        }
    }
    out
}

#[cfg(unix)]
#[test]
fn a_unit_gets_another_name_everywhere() {
    let own = "[Unit]\nAfter=%p.socket %n\n";
    let files = [
        ("a.service", own),
        ("a.service.d/x.conf", "[Unit]\nDescription=a\n"),
        ("a.socket", "[Socket]\nListenStream=/run/a\n"),
        ("b.service", "# 𝄞\n[Unit]\nAfter=𝄞 a.service c.service\n"),
        ("b.target", "[Unit]\n"),
        ("a.service.wants/b.target", "[Unit]\n"),
    ];
    for columns in Columns::ALL {
        let mut session = Session::new(columns, able(), &files);
        let place = session.open("b.service", "# 𝄞\n[Unit]\nAfter=𝄞 a.ser$0vice c.service\n");
        let prepared = session.ask("textDocument/prepareRename", place.clone());
        assert_eq!(prepared["placeholder"], "a.service");
        assert_eq!(columns.text(files[3].1, &prepared["range"]), "a.service");
        let edit = session.ask("textDocument/rename", with(place.clone(), "newName", json!("new.service")));
        assert_eq!(
            changes(&session, &edit),
            [
                "a.service: \"%p.socket\" → \"a.socket\"",
                "a.socket: \"\" → \"\\nService=new.service\"",
                "b.service: \"a.service\" → \"new.service\"",
                "a.service → new.service",
                "a.service.d → new.service.d",
                "a.service.wants → new.service.wants",
            ]
        );
        let versions: Vec<_> = edit["documentChanges"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|one| &one["textDocument"]["version"])
            .collect();
        assert_eq!(versions[..3], [&Value::Null, &Value::Null, &json!(1)]);
    }
}

#[cfg(unix)]
#[test]
fn links_and_instances_follow() {
    let files = [("a@.service", "[Service]\n"), ("b.service", "[Unit]\nWants=a@x.service a@%i.service\n")];
    let mut session = Session::new(Columns::Utf16, able(), &files);
    session.folder.link("b.target.wants/a@x.service", "../a@.service");
    session.folder.write("a@y.service.d/z.conf", "[Service]\n");
    let place = session.open("a@.service", "[Ser$0vice]\n");
    session.client.notify("workspace/didChangeWatchedFiles", json!({"changes": []}));
    // The scan that this asks for is over when the link is seen.
    let expected = [
        "b.service: \"a@x.service\" → \"c@x.service\"",
        "b.service: \"a@%i.service\" → \"c@%i.service\"",
        "a@.service → c@.service",
        "b.target.wants/a@x.service → b.target.wants/c@x.service",
        "a@y.service.d → c@y.service.d",
    ];
    let mut found = Vec::new();
    for _ in 0..1000 {
        let edit = session.ask("textDocument/rename", with(place.clone(), "newName", json!("c@.service")));
        found = changes(&session, &edit);
        if found.len() == expected.len() {
            break;
        }
    }
    assert_eq!(found, expected);
}

#[test]
fn a_rename_that_can_not_be_is_refused_with_a_reason() {
    let files = [
        ("a.service", "[Unit]\nAfter=b.service c.service t@x.service\n"),
        ("b.service", ""),
        ("t@.service", "[Service]\n"),
    ];
    let refused = |capabilities: Value, text: &str, name: &str| {
        let mut session = Session::new(Columns::Utf16, capabilities, &files);
        let place = session.open("a.service", text);
        let error =
            session.client.request("textDocument/rename", with(place, "newName", json!(name))).expect_err("an error");
        assert_eq!(error["code"], -32803);
        error["message"].as_str().expect("a reason").to_owned()
    };
    let text = "[Unit]\nAfter=b.ser$0vice c.service t@x.service\n";
    assert_eq!(refused(able(), text, "b.timer"), "the suffix \".service\" has to stay");
    assert_eq!(refused(able(), text, "a.service"), "a.service exists already");
    assert_eq!(refused(able(), text, "x"), "\"x\" is no name of a unit: there is no suffix such as \".service\"");
    assert_eq!(
        refused(json!({}), text, "x.service"),
        "renaming b.service would rename its files too, which this editor can't do"
    );
    let text = "[Unit]\nAfter=b.service c.ser$0vice t@x.service\n";
    assert_eq!(refused(able(), text, "x.service"), "c.service has no unit file here");
    let text = "[Unit]\nAfter=b.service c.service t@x.ser$0vice\n";
    assert_eq!(refused(able(), text, "t@y.service"), "t@x.service is an instance of t@.service: rename that");
}

#[test]
fn mentions_follow_a_file_that_is_renamed() {
    let text = "[Unit]\nAfter=𝄞 a.service\n";
    for columns in Columns::ALL {
        let mut session = Session::new(columns, able(), &[("a.service", "[Unit]\n"), ("b.service", text)]);
        let operations = &session.client.initialized["capabilities"]["workspace"]["fileOperations"]["willRename"];
        assert!(operations["filters"][0]["pattern"]["glob"].as_str().is_some_and(|glob| glob.contains("service")));
        let file = |session: &Session, name: &str| uri(&session.folder.path(name));
        let params = |session: &Session, new: &str| json!({"files": [{"oldUri": file(session, "a.service"), "newUri": file(session, new)}]});
        let renamed = params(&session, "new.service");
        let edit = session.ask("workspace/willRenameFiles", renamed);
        assert_eq!(changes(&session, &edit), ["b.service: \"a.service\" → \"new.service\""]);
        let other = params(&session, "a.txt");
        assert_eq!(session.ask("workspace/willRenameFiles", other), Value::Null);
    }
}

#[test]
fn files_renamed_together_are_followed_together() {
    let text = "[Unit]\nAfter=a.service c.service\n";
    let files = [("a.service", "[Unit]\n"), ("b.service", text), ("c.service", "[Unit]\n")];
    for capabilities in [able(), json!({})] {
        let mut session = Session::new(Columns::Utf16, capabilities, &files);
        let pair = |old: &str, new: &str| {
            let uri = |name: &str| uri(&session.folder.path(name));
            json!({"oldUri": uri(old), "newUri": uri(new)})
        };
        let params = json!({"files": [pair("c.service", "z.service"), pair("a.service", "longer.service")]});
        let edit = session.ask("workspace/willRenameFiles", params);
        let edits = match edit["documentChanges"].as_array() {
            Some(documents) => {
                assert_eq!(documents.len(), 1, "one file is changed once: {edit}");
                &documents[0]["edits"]
            }
            None => &edit["changes"][uri(&session.folder.path("b.service"))],
        };
        let texts: Vec<_> = edits.as_array().expect("a list").iter().map(|one| one["newText"].clone()).collect();
        assert_eq!(texts, ["longer.service", "z.service"]);
    }
}

#[test]
fn a_rename_reads_what_is_on_the_disk() {
    let files = [("a.service", "[Unit]\n"), ("b.service", "[Unit]\nAfter=a.service\n")];
    let mut session = Session::new(Columns::Utf16, able(), &files);
    let place = session.open("a.service", "[Un$0it]\nBefore=a.service\n");
    session.client.request("workspace/diagnostic", json!({"previousResultIds": []})).expect("an answer");
    // Nobody tells us.
    session.folder.write("b.service", "# One\n# Two\n[Unit]\nAfter=a.service\n");
    let mut params = place;
    params["position"] = json!({"line": 1, "character": 9});
    params["newName"] = "n.service".into();
    let edit = session.ask("textDocument/rename", params);
    assert!(changes(&session, &edit).contains(&"b.service: \"a.service\" → \"n.service\"".to_owned()), "{edit}");
}

#[test]
fn units_are_found_by_name_and_description() {
    let files = [
        ("web.service", "[Unit]\nDescription=𝄞 Frontend\n"),
        ("db.service", "[Unit]\nDescription=Storage\n"),
        ("web.socket", "[Socket]\n"),
    ];
    for columns in Columns::ALL {
        let mut session = Session::new(columns, json!({}), &files);
        let mut find = |query: &str| {
            let found = session.ask("workspace/symbol", json!({"query": query}));
            let show =
                |one: &Value| format!("{} {}", one["name"].as_str().unwrap(), session.path(&one["location"]["uri"]));
            found.as_array().expect("a list").iter().map(show).collect::<Vec<_>>()
        };
        assert_eq!(find("").len(), 3);
        assert_eq!(find("WEB"), ["web.service web.service", "web.socket web.socket"]);
        assert_eq!(find("wsock"), ["web.socket web.socket"]);
        assert_eq!(find("storage"), ["db.service db.service"]);
        session.open("db.service", "[Unit]\nDescription=𝄞 elsewhere$0\n");
        let found = session.ask("workspace/symbol", json!({"query": "elsewhere"}));
        assert_eq!((&found[0]["name"], &found[0]["containerName"]), (&json!("db.service"), &json!("𝄞 elsewhere")));
    }
}

#[test]
fn units_call_each_other() {
    let files = [
        ("a.service", "[Unit]\nAfter=𝄞 b.service\nRequires=b.service\n"),
        ("a.service.d/x.conf", "[Unit]\nWants=c.service\n"),
        ("b.service", "[Unit]\nDescription=B\n"),
        ("c.timer", "[Timer]\nUnit=b.service\n"),
        ("d.target.requires/b.service", "[Unit]\n"),
    ];
    for columns in Columns::ALL {
        let mut session = Session::new(columns, json!({}), &files);
        let place = session.open("a.service", "[Unit]\nAfter=𝄞 b.ser$0vice\nRequires=b.service\n");
        let item = session.ask("textDocument/prepareCallHierarchy", place)[0].clone();
        assert_eq!((item["name"].as_str(), item["detail"].as_str()), (Some("b.service"), Some("B")));
        assert_eq!(session.path(&item["uri"]), "b.service");
        let show = |session: &Session, calls: &Value, end: &str, path: Option<&str>| {
            let show = |call: &Value| {
                let path = path.map_or_else(|| session.path(&call[end]["uri"]), str::to_owned);
                let ranges = call["fromRanges"].as_array().expect("a list").iter();
                let text = if ranges.len() > 0 { session.folder.read(&path) } else { String::new() };
                let texts: Vec<_> = ranges.map(|range| session.columns.text(&text, range).to_owned()).collect();
                format!("{} {} {}", call[end]["name"].as_str().unwrap(), call[end]["detail"], texts.join(","))
            };
            calls.as_array().expect("a list").iter().map(show).collect::<Vec<_>>()
        };
        let calls = session.ask("callHierarchy/incomingCalls", json!({"item": item}));
        assert_eq!(
            show(&session, &calls, "from", None),
            [
                "a.service \"After=, Requires=\" b.service,b.service",
                "c.timer \"Unit=\" b.service",
                "d.target \".requires\" ",
            ]
        );
        let calls = session.ask("callHierarchy/outgoingCalls", json!({"item": calls[0]["from"]}));
        assert_eq!(
            show(&session, &calls, "to", Some("a.service")),
            ["b.service \"After=, Requires=\" b.service,b.service", "c.service \"Wants=\" "]
        );
    }
}
