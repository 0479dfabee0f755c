//! What is told of one document alone: symbols, folds, selections, highlights, links and semantic
//! tokens, over real standard input and output.

use expect_test::{Expect, expect};
use serde_json::{Value, json};
use svlsp_tests::lsp::{Client, Columns};

const UNIT: &str = "file:///nowhere/a.service";
const SUPERVISORD: &str = "file:///nowhere/supervisord.conf";

/// Opens `text` and asks about the whole of it.
fn ask(columns: Columns, capabilities: Value, method: &str, uri: &str, text: &str) -> Value {
    let mut client = Client::start(columns.with(capabilities), None);
    client.open(uri, "", text);
    client.request(method, json!({"textDocument": {"uri": uri}})).expect("an answer")
}

/// A line for each symbol: its name, the text of its name, its kind and detail.
fn outline(columns: Columns, text: &str, symbols: &Value, depth: usize, out: &mut String) {
    for symbol in symbols.as_array().into_iter().flatten() {
        let name = columns.text(text, &symbol["selectionRange"]);
        let whole = columns.text(text, &symbol["range"]);
        let detail = symbol["detail"].as_str().unwrap_or_default();
        out.push_str(&format!("{}{} {name:?} {detail:?} {whole:?}\n", "  ".repeat(depth), symbol["name"]));
        outline(columns, text, &symbol["children"], depth + 1, out);
    }
}

#[test]
fn symbols_are_sections_with_their_settings() {
    let nested = json!({"textDocument": {"documentSymbol": {"hierarchicalDocumentSymbolSupport": true}}});
    let check = |uri: &str, text: &str, expect: Expect| {
        let shown = Columns::ALL.map(|columns| {
            let mut out = String::new();
            let symbols = ask(columns, nested.clone(), "textDocument/documentSymbol", uri, text);
            outline(columns, text, &symbols, 0, &mut out);
            out
        });
        assert_eq!(shown[0], shown[1]);
        expect.assert_eq(&shown[0]);
    };
    check(
        UNIT,
        "# 𝄞\n[X-𝄞]\n𝄞 = 𝄞𝄞 \\\n b\n[Service]\nNice=1\n",
        expect![[r#"
        "X-𝄞" "X-𝄞" "" "[X-𝄞]\n𝄞 = 𝄞𝄞 \\\n b"
          "𝄞" "𝄞" "𝄞𝄞   b" "𝄞 = 𝄞𝄞 \\\n b"
        "Service" "Service" "" "[Service]\nNice=1"
          "Nice" "Nice" "1" "Nice=1"
    "#]],
    );
    check(
        SUPERVISORD,
        "# 𝄞\n[program:𝄞]\ncommand = 𝄞𝄞\n  b ; c\n\nuser=a\n[x",
        expect![[r#"
        "program:𝄞" "program:𝄞" "" "[program:𝄞]\ncommand = 𝄞𝄞\n  b ; c\n\nuser=a"
          "command" "command" "𝄞𝄞 b" "command = 𝄞𝄞\n  b"
          "user" "user" "a" "user=a"
    "#]],
    );
}

#[test]
fn symbols_are_flat_for_older_clients() {
    let text = "[Unit]\nAfter=𝄞\n[Install]\n";
    for columns in Columns::ALL {
        let symbols = ask(columns, json!({}), "textDocument/documentSymbol", UNIT, text);
        let show = |one: &Value| {
            let within = one["containerName"].as_str().unwrap_or_default();
            format!("{} {within:?} {:?}", one["name"], columns.text(text, &one["location"]["range"]))
        };
        let shown: Vec<String> = symbols.as_array().expect("a list").iter().map(show).collect();
        assert_eq!(
            shown,
            ["\"Unit\" \"\" \"[Unit]\\nAfter=𝄞\"", "\"After\" \"Unit\" \"After=𝄞\"", "\"Install\" \"\" \"[Install]\""]
        );
    }
}

#[test]
fn folds_are_lines() {
    let check = |uri: &str, text: &str, expected: &[(u64, u64, Option<&str>)]| {
        let folds = ask(Columns::Utf16, json!({}), "textDocument/foldingRange", uri, text);
        let shown: Vec<_> = folds
            .as_array()
            .expect("a list")
            .iter()
            .map(|fold| (fold["startLine"].as_u64().unwrap(), fold["endLine"].as_u64().unwrap(), fold["kind"].as_str()))
            .collect();
        assert_eq!(shown, expected);
    };
    check(
        UNIT,
        "# 𝄞\r\n# b\r\n[Unit]\r\nAfter=a \\\r\n b\r\n\r\n[Install]\r\n",
        &[(0, 1, Some("comment")), (2, 4, Some("region")), (3, 4, None)],
    );
    check(
        SUPERVISORD,
        "; 𝄞\n; b\n[program:a]\ncommand=a\n  b\n\n[program:b]\n",
        &[(0, 1, Some("comment")), (2, 4, Some("region")), (3, 4, None)],
    );
    let limited = json!({"textDocument": {"foldingRange": {"rangeLimit": 1}}});
    let folds = ask(Columns::Utf16, limited, "textDocument/foldingRange", UNIT, "[A]\na=b\n[B]\na=b\n");
    assert_eq!(folds.as_array().map(Vec::len), Some(1));
}

#[test]
fn a_selection_grows() {
    let check = |uri: &str, text: &str, expect: Expect| {
        let shown = Columns::ALL.map(|columns| {
            let mut client = Client::start(columns.with(json!({})), None);
            let (text, at) = svlsp_tests::lsp::cursor(text);
            client.open(uri, "", &text);
            let positions = [columns.position(&text, at), columns.position(&text, 0)];
            let params = json!({"textDocument": {"uri": uri}, "positions": positions});
            let answer = client.request("textDocument/selectionRange", params).expect("an answer");
            assert_eq!(answer.as_array().map(Vec::len), Some(2));
            let (mut out, mut next) = (String::new(), &answer[0]);
            while next.is_object() {
                out.push_str(&format!("{:?}\n", columns.text(&text, &next["range"])));
                next = &next["parent"];
            }
            out
        });
        assert_eq!(shown[0], shown[1]);
        expect.assert_eq(&shown[0]);
    };
    check(
        UNIT,
        "[Service]\nExecStart=/bin/𝄞 \"𝄞 ${A$0}\" c\n",
        expect![[r#"
            "${A}"
            "\"𝄞 ${A}\""
            "/bin/𝄞 \"𝄞 ${A}\" c"
            "ExecStart=/bin/𝄞 \"𝄞 ${A}\" c"
            "[Service]\nExecStart=/bin/𝄞 \"𝄞 ${A}\" c"
            "[Service]\nExecStart=/bin/𝄞 \"𝄞 ${A}\" c\n"
        "#]],
    );
    check(
        SUPERVISORD,
        "[program:a]\ncommand=𝄞 %(ENV_$0A)s 𝄞\nuser=b\n",
        expect![[r#"
        "%(ENV_A)s"
        "𝄞 %(ENV_A)s 𝄞"
        "command=𝄞 %(ENV_A)s 𝄞"
        "[program:a]\ncommand=𝄞 %(ENV_A)s 𝄞\nuser=b"
        "[program:a]\ncommand=𝄞 %(ENV_A)s 𝄞\nuser=b\n"
    "#]],
    );
}

#[test]
fn the_same_thing_is_highlighted() {
    for columns in Columns::ALL {
        let mut client = Client::start(columns.with(json!({})), None);
        let source = "[Service]\nEnvironment=𝄞=1 A=𝄞\nExecStart=/bin/a 𝄞 ${A$0}\n";
        let (text, answer) = client.at_cursor("textDocument/documentHighlight", UNIT, source, columns);
        let answer = answer.expect("an answer");
        let show = |one: &Value| {
            (
                columns.offset(&text, &one["range"]["start"]),
                columns.text(&text, &one["range"]).to_owned(),
                one["kind"].as_u64(),
            )
        };
        let shown: Vec<_> = answer.as_array().expect("a list").iter().map(show).collect();
        let at = |what: &str| text.find(what).expect("it is there");
        assert_eq!(shown, [(at("A=𝄞"), "A".to_owned(), Some(3)), (at("${A}"), "${A}".to_owned(), Some(2))]);
    }
}

#[test]
fn documentation_can_be_opened() {
    for columns in Columns::ALL {
        let text = "[Unit]\nDescription=𝄞\nDocumentation=man:𝄞(1) man:a(8) https://example.org/a info:b\n";
        let shows = json!({"textDocument": {"documentLink": {"tooltipSupport": true}}});
        let links = ask(columns, shows, "textDocument/documentLink", UNIT, text);
        let show = |one: &Value| format!("{} {} {}", columns.text(text, &one["range"]), one["target"], one["tooltip"]);
        let shown: Vec<String> = links.as_array().expect("a list").iter().map(show).collect();
        assert_eq!(
            shown,
            [
                "man:a(8) \"https://manpages.debian.org/a.8\" \"the manual page a(8)\"",
                "https://example.org/a \"https://example.org/a\" null",
            ]
        );
    }
}

/// The tokens with their texts, as the legend calls them.
fn painted(columns: Columns, client: &Client, text: &str, data: &Value) -> Vec<String> {
    let legend = &client.initialized["capabilities"]["semanticTokensProvider"]["legend"];
    let numbers: Vec<u64> =
        data.as_array().expect("a list").iter().map(|one| one.as_u64().expect("a number")).collect();
    let (mut line, mut column) = (0, 0);
    let show = |token: &[u64]| {
        column = if token[0] == 0 { column + token[1] } else { token[1] };
        line += token[0];
        let place = |column: u64| json!({"line": line, "character": column});
        let range = json!({"start": place(column), "end": place(column + token[2])});
        let deprecated = if token[4] == 1 { " deprecated" } else { "" };
        let kind = legend["tokenTypes"][token[3] as usize].as_str().expect("a type");
        format!("{} {kind}{deprecated}", columns.text(text, &range))
    };
    numbers.chunks(5).map(show).collect()
}

#[test]
fn tokens_say_what_everything_is() {
    let check = |uri: &str, text: &str, expect: Expect| {
        let shown = Columns::ALL.map(|columns| {
            let mut client = Client::start(columns.with(json!({})), None);
            client.open(uri, "", text);
            let answer = client.request("textDocument/semanticTokens/full", json!({"textDocument": {"uri": uri}}));
            painted(columns, &client, text, &answer.expect("an answer")["data"]).join("\n") + "\n"
        });
        assert_eq!(shown[0], shown[1]);
        expect.assert_eq(&shown[0]);
    };
    check(
        UNIT,
        concat!(
            "# 𝄞\n[Unit]\nAfter=𝄞 b.service\nRequiresOverridable=c.service\n[Service]\nExecStart=-/bin/a 𝄞 \"%i 𝄞 \\\n",
            "; 𝄞\n  ${A}\" ; b\nRestart=no\nType=exec\nNice=1\nEnvironmentFile=-/etc/a\n"
        ),
        expect![[r##"
            # 𝄞 comment
            Unit namespace
            After property
            𝄞 class
            b.service class
            RequiresOverridable property deprecated
            c.service class
            Service namespace
            ExecStart property
            - operator
            /bin/a function
            𝄞 string
            " string
            %i macro
            𝄞 \ string
            ; 𝄞 comment
            ${A} variable
            " string
            ; operator
            b function
            Restart property
            no keyword
            Type property
            exec enumMember
            Nice property
            1 number
            EnvironmentFile property
            - operator
            /etc/a path
        "##]],
    );
    check(
        SUPERVISORD,
        concat!(
            "; 𝄞\n[program:𝄞]\ncommand = /bin/a 𝄞 %(process_num)02d ; 𝄞\n  b\nnumprocs=2\nautostart=true\n",
            "stopsignal=INT\nenvironment=A=\"𝄞\",B=%(here)s\n[group:g]\nprograms=𝄞, b\n"
        ),
        expect![[r#"
            ; 𝄞 comment
            program:𝄞 namespace
            command property
            /bin/a function
            𝄞 string
            %(process_num)02d macro
            ; 𝄞 comment
            b string
            numprocs property
            2 number
            autostart property
            true keyword
            stopsignal property
            INT enumMember
            environment property
            A variable
            "𝄞" string
            B variable
            %(here)s macro
            group:g namespace
            programs property
            𝄞 class
            b class
        "#]],
    );
}

#[test]
fn tokens_come_as_a_difference_or_for_a_part() {
    for columns in Columns::ALL {
        let mut client = Client::start(columns.with(json!({})), None);
        let document = json!({"uri": UNIT});
        let (old, new) = ("[Unit]\n# 𝄞\nA=b\nB=𝄞\n", "[Unit]\n# 𝄞\nA=b\nX=c\nB=𝄞\n");
        client.open(UNIT, "", old);
        let full =
            client.request("textDocument/semanticTokens/full", json!({"textDocument": document})).expect("an answer");
        client.replace(UNIT, 2, new);
        let params = json!({"textDocument": document, "previousResultId": full["resultId"]});
        let delta = client.request("textDocument/semanticTokens/full/delta", params.clone()).expect("an answer");
        let mut numbers = full["data"].as_array().expect("a list").clone();
        for edit in delta["edits"].as_array().expect("a list") {
            let (start, count) =
                (edit["start"].as_u64().unwrap() as usize, edit["deleteCount"].as_u64().unwrap() as usize);
            assert!(start >= 15, "what is above the change stays");
            numbers.splice(start..start + count, edit["data"].as_array().cloned().unwrap_or_default());
        }
        let shown = painted(columns, &client, new, &Value::Array(numbers));
        assert_eq!(
            shown,
            [
                "Unit namespace",
                "# 𝄞 comment",
                "A property",
                "b string",
                "X property",
                "c string",
                "B property",
                "𝄞 string"
            ]
        );
        let stale = client.request("textDocument/semanticTokens/full/delta", params).expect("an answer");
        assert!(stale["data"].is_array() && stale["edits"].is_null(), "what it refers to is gone: {stale}");

        let range = json!({"start": columns.position(new, new.find('X').unwrap()), "end": columns.position(new, new.find("\nB").unwrap())});
        let part =
            client.request("textDocument/semanticTokens/range", json!({"textDocument": document, "range": range}));
        let shown = painted(columns, &client, new, &part.expect("an answer")["data"]);
        assert_eq!(shown, ["X property", "c string"]);
    }
}

/// Whatever is typed, each request has an answer, and no token leads out of its line.
#[test]
fn any_text_has_answers() {
    const PIECES: &[&str] = &[
        "\n",
        "\r\n",
        "\r",
        "[",
        "]",
        "=",
        ":",
        "a",
        "𝄞",
        "\u{a0}",
        " ",
        "\t",
        "  b",
        ";",
        "# c",
        "%(a)s",
        "%%",
        "%",
        "\\\n",
        "\0",
        "\u{feff}",
        "\u{2028}",
        "[program:x]\n",
        "[Service]\n",
        "ExecStart=",
        "command=",
        "$A",
        "\"",
    ];
    let mut random = svlsp_tests::random::Random::new("any text");
    for columns in Columns::ALL {
        let mut client = Client::start(columns.with(json!({})), None);
        for uri in [UNIT, SUPERVISORD] {
            client.open(uri, "", "");
            for version in 2..150 {
                let text: String = (0..random.below(20)).map(|_| *random.of(PIECES)).collect();
                client.replace(uri, version, &text);
                for method in ["documentSymbol", "foldingRange", "documentLink"] {
                    let answer =
                        client.request(&format!("textDocument/{method}"), json!({"textDocument": {"uri": uri}}));
                    answer.unwrap_or_else(|error| panic!("{method} of {text:?}: {error}"));
                }
                let position = columns.position("", 0);
                let params =
                    json!({"textDocument": {"uri": uri}, "positions": [position, {"line": 1, "character": 1}]});
                let answer = client.request("textDocument/selectionRange", params);
                answer.unwrap_or_else(|error| panic!("selection in {text:?}: {error}"));
                let answer = client.request("textDocument/semanticTokens/full", json!({"textDocument": {"uri": uri}}));
                let answer = answer.unwrap_or_else(|error| panic!("tokens of {text:?}: {error}"));
                let width = text.encode_utf16().count().max(text.len()) as u64;
                let numbers = answer["data"].as_array().expect("a list");
                assert!(
                    numbers
                        .chunks(5)
                        .all(|token| token[2].as_u64().is_some_and(|length| 0 < length && length <= width))
                );
            }
        }
    }
}
