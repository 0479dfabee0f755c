mod commands;
mod keys;
mod properties;
mod quantities;
mod supervisord;
mod units;
mod words;

use std::fmt::Write;

use expect_test::Expect;

use super::{Completions, Item, Options, Rank, completion};
use crate::features::testing::{Open, cursor};
use crate::schema::Version;

/// How many items are shown.
const MOST: usize = 8;

const NEIGHBOURS: &[(&str, &str, &str)] = &[
    ("db.service", "The database", "/etc/systemd/system/db.service"),
    ("web.service", "The web server", "/etc/systemd/system/web.service"),
    ("web.socket", "", "/etc/systemd/system/web.socket"),
    ("worker@.service", "A worker", "/etc/systemd/system/worker@.service"),
    ("sites.slice", "", "/etc/systemd/system/sites.slice"),
];

/// What is offered at the `$0` of a file for the latest systemd.
fn check(path: &str, text: &str, expect: Expect) {
    check_for(Version::LATEST, path, text, expect);
}

/// What is offered at the `$0` of a line in the own section of a service.
fn check_service(line: &str, expect: Expect) {
    check("a.service", &format!("[Service]\n{line}\n"), expect);
}

/// The same in `[Unit]`.
fn check_unit(line: &str, expect: Expect) {
    check("a.service", &format!("[Unit]\n{line}\n"), expect);
}

/// The same as [`check`] for another one.
fn check_for(version: Version, path: &str, text: &str, expect: Expect) {
    expect.assert_eq(&shown(version, path, text, Options::default()));
}

/// What is offered when typing `trigger` made the editor ask.
fn check_typed(trigger: char, path: &str, text: &str, expect: Expect) {
    expect.assert_eq(&shown(Version::LATEST, path, text, Options { trigger: Some(trigger) }));
}

/// The labels alone, with blanks between.
fn labels(path: &str, text: &str) -> String {
    let (text, offset) = cursor(text);
    let open = Open { neighbours: NEIGHBOURS, ..Open::new(path, &text) };
    open.with(|document| {
        let found = completion(document, offset, Options::default());
        found.items.iter().map(|item| item.label.to_string()).collect::<Vec<_>>().join(" ")
    })
}

fn shown(version: Version, path: &str, text: &str, options: Options) -> String {
    let (text, offset) = cursor(text);
    let users = ["postgres".into(), "www-data".into()];
    let open = Open { version, neighbours: NEIGHBOURS, users: &users, ..Open::new(path, &text) };
    open.with(|document| show(&completion(document, offset, options), &text))
}

fn show(found: &Completions, text: &str) -> String {
    let Completions { replace, insert, items, incomplete, paths: _ } = found;
    if items.is_empty() {
        return "nothing\n".to_owned();
    }
    let mut out = format!("{:?}", &text[*replace]);
    if insert != replace {
        write!(out, " or {:?}", &text[*insert]).unwrap();
    }
    writeln!(out, ":{}", if *incomplete { " incomplete" } else { "" }).unwrap();
    for Item { label, rank, text, snippet, detail, deprecated, .. } in items.iter().take(MOST) {
        let rank = match rank {
            Rank::First => "+",
            Rank::Usual => " ",
            Rank::Later => "-",
            Rank::Last => "!",
        };
        write!(out, "{rank} {label}").unwrap();
        for text in text.as_deref().into_iter().chain(snippet.as_deref()) {
            write!(out, " => {text}").unwrap();
        }
        if !detail.is_empty() {
            write!(out, " -- {detail}").unwrap();
        }
        writeln!(out, "{}", if *deprecated { " (deprecated)" } else { "" }).unwrap();
    }
    if items.len() > MOST {
        writeln!(out, "… {} more", items.len() - MOST).unwrap();
    }
    out
}
