use proptest::prelude::*;

use super::NEIGHBOURS;
use crate::features::completion::{Kind, Options, completion};
use crate::features::testing::Open;
use crate::rules::Target;
use crate::schema::{self, Manager, UnitKind, Version};
use crate::values::{self, Context, ProblemKind};

/// Lines as people begin to write them.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "[",
            "]",
            "[Unit]",
            "[Service]",
            "\n",
            "\r\n",
            "\0",
            "\\\n",
            "\\",
            " ",
            "\t",
            "=",
            "#",
            ";",
            "~",
            "@",
            ":",
            ",",
            "%",
            "%%",
            "$",
            "${",
            "}",
            "\"",
            "'",
            "!",
            "|",
            "-",
            "+",
            "5",
            "/",
            "ä",
            "𝄞",
            "\u{feff}",
            "After",
            "ExecStart=",
            "Environment=A=b",
            "SystemCallFilter=",
            "OnCalendar=",
            "LimitCPU=",
            "ConditionPathExists=",
            "StandardOutput=",
            "User=",
            "BindPaths=",
        ])
        .prop_map(str::to_owned),
        (0..schema::DIRECTIVES.len()).prop_map(|at| format!("\n{}=", schema::DIRECTIVES[at].name)),
        "\\PC{0,4}",
    ];
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn edits_lie_around_the_cursor(text in texts(), path in prop::sample::select(vec!["a.service", "b@.timer", "c.d/d.conf", "a.socket.d/x.conf", "a.network"])) {
        let open = Open { neighbours: NEIGHBOURS, ..Open::new(path, &text) };
        open.with(|document| {
            for offset in 0..=text.len() as u32 + 1 {
                for trigger in [None, Some(' ')] {
                    let found = completion(document, offset, Options { trigger });
                    if found.items.is_empty() {
                        continue;
                    }
                    let replaced = text.get(found.replace.range());
                    assert!(replaced.is_some(), "{:?} at {offset} of {text:?}", found.replace);
                    assert!(replaced.is_some_and(|text| !text.contains('\n')), "{:?} at {offset} of {text:?}", found.replace);
                    assert!(found.replace.start <= offset && offset <= found.replace.end, "{offset} of {text:?}");
                    assert!(found.insert == found.replace || found.insert.end == offset);
                    assert_eq!(found.insert.start, found.replace.start);
                }
            }
        });
    }
}

/// Whether systemd takes a value that is offered.
#[test]
fn what_is_offered_is_taken() {
    let mut refused = Vec::new();
    for version in [240, 252, 257, Version::LATEST.0].map(Version) {
        for section in schema::SECTIONS {
            for entry in section.directives().filter(|entry| entry.since <= version.0 && entry.removed.is_none()) {
                let Some(kind) = UnitKind::ALL.into_iter().find(|kind| {
                    section.belongs_to(*kind) && entry.kinds.contains(*kind) && values::takes_effect(entry, *kind)
                }) else {
                    continue;
                };
                for head in ["", "~", "5"] {
                    let name = format!("a.{}", kind.suffix());
                    let line = format!("[{}]\n{}={head}", section.name, entry.name);
                    let open = Open { version, neighbours: NEIGHBOURS, ..Open::new(&name, &line) };
                    open.with(|document| {
                        let found = completion(document, line.len() as u32, Options::default());
                        let Target { version, manager } = document.target;
                        for item in &found.items {
                            if !matches!(item.kind, Kind::Value | Kind::Unit) || item.snippet.is_some() {
                                continue;
                            }
                            let from = line.find('=').unwrap() + 1;
                            let value = format!("{}{}", &line[from..found.replace.start as usize], item.label);
                            let context = Context { directive: entry, version, manager, unit: document.name };
                            let mut problems = Vec::new();
                            values::check(&value, &context, &mut problems);
                            problems.retain(|problem| problem.kind != ProblemKind::Deprecated);
                            assert_eq!(manager, Manager::System);
                            refused.extend(
                                problems.iter().map(|problem| {
                                    format!("{} {}={value}: {}", version.0, entry.name, problem.message)
                                }),
                            );
                        }
                    });
                }
            }
        }
    }
    assert!(refused.is_empty(), "{} are refused:\n{}", refused.len(), refused.join("\n"));
}
