//! `svlsp explain`

use std::fmt::Write as _;
use std::io::{self, Write};

use clap::Args;
use svlsp_core::fate::Backend;
use svlsp_core::rules::{self, Rule};
use svlsp_core::schema::{self, Directive, SECTIONS, Section};

use super::{TROUBLE, complain, text};

/// Say what a rule finds, or what a directive does
///
/// Without a name, list the rules.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  svlsp explain                     the rules
  svlsp explain unknown-directive   one of them
  svlsp explain Restart=            a directive
  svlsp explain Service.Restart     the directive of one section
  svlsp explain '[Service] Restart' the same")]
pub(super) struct ExplainArgs {
    /// The rule or directive
    #[arg(value_name = "RULE|DIRECTIVE", num_args = 0..)]
    name: Vec<String>,
}

pub(super) fn run(args: &ExplainArgs) -> io::Result<u8> {
    let name = args.name.join(" ");
    let answer = if name.is_empty() { Ok(list()) } else { explain(&name) };
    match answer {
        Ok(text) => {
            io::stdout().write_all(text.as_bytes())?;
            Ok(0)
        }
        Err(message) => {
            complain(&message);
            Ok(TROUBLE)
        }
    }
}

fn list() -> String {
    let width = rules::ALL.iter().map(|rule| rule.name.len()).max().unwrap_or(0);
    let mut out = String::new();
    for rule in rules::ALL {
        let first = rule.doc.split(". ").next().unwrap_or_default().lines().next().unwrap_or_default();
        let severity = if rule.optional { "advice" } else { rule.severity.name() };
        let _ = writeln!(out, "{:<width$}  {severity:<7}  {}", rule.name, first.trim_end_matches('.'));
    }
    out
}

fn explain(name: &str) -> Result<String, String> {
    if let Some(rule) = rules::get(name) {
        return Ok(of_rule(rule));
    }
    let (section, key) = split(name);
    let sections = || SECTIONS.iter().filter(|known| section.is_none_or(|name| known.name.eq_ignore_ascii_case(name)));
    let mut found: Vec<(&'static Directive, Vec<&'static Section>)> = Vec::new();
    for section in sections() {
        let Some(directive) = section.directives().find(|directive| directive.name.eq_ignore_ascii_case(key)) else {
            continue;
        };
        match found.iter_mut().find(|(other, _)| other.key == directive.key) {
            Some((_, sections)) => sections.push(section),
            None => found.push((directive, vec![section])),
        }
    }
    if !found.is_empty() {
        let parts: Vec<String> = found.iter().map(|(directive, sections)| of_directive(directive, sections)).collect();
        return Ok(parts.join("\n"));
    }
    if let (true, Some(section)) = (key.is_empty(), sections().next()) {
        let first = section.directives().next().map_or("", |directive| directive.name);
        return Err(format!("[{0}] is a section; name a directive of it, such as {0}.{first}", section.name));
    }
    if let (Some(section), None) = (section, sections().next()) {
        let near = schema::nearest(section, SECTIONS.iter().map(|section| section.name));
        return Err(format!(
            "no section is called [{section}]{}",
            near.map_or(String::new(), |near| format!("; did you mean [{near}]?"))
        ));
    }
    let directives = sections().flat_map(|section| section.directives().map(|directive| directive.name));
    let rules = rules::ALL.iter().map(|rule| rule.name).filter(|_| section.is_none());
    Err(match schema::nearest(key, directives.chain(rules)) {
        Some(near) => format!("no rule or directive is called \"{key}\"; did you mean \"{near}\"?"),
        None => format!("no rule or directive is called \"{key}\"; `svlsp explain` lists the rules"),
    })
}

/// Reads `Restart`, `Restart=`, `Service.Restart` and `[Service] Restart=`.
fn split(name: &str) -> (Option<&str>, &str) {
    let name = name.split('=').next().unwrap_or(name).trim();
    if let Some((section, key)) = name.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return (Some(section.trim()), key.trim());
    }
    match name.split_once('.') {
        Some((section, key)) => (Some(section), key),
        None => (None, name),
    }
}

fn of_rule(rule: &Rule) -> String {
    let optional = if rule.optional { ", runs only when selected" } else { "" };
    let (name, severity, subject) = (rule.name, rule.severity.name(), rule.subject());
    format!("{name} ({severity}, for {subject}{optional})\n\n{}", text::render(rule.doc))
}

fn of_directive(directive: &Directive, sections: &[&Section]) -> String {
    let mut out = format!("{}=\n\n", directive.name);
    let mut row = |label: &str, value: &str| {
        if !value.is_empty() {
            let _ = writeln!(out, "  {label:<12}{value}");
        }
    };
    let sections: Vec<String> = sections.iter().map(|section| format!("[{}]", section.name)).collect();
    row("Section", &sections.join(", "));
    row("Default", directive.default);
    row("Repeated", if directive.list { "the values add up" } else { "the last one holds" });
    if directive.since > 0 {
        row("Since", &format!("systemd {}", directive.since));
    }
    for (label, ending) in [("Deprecated", &directive.deprecated), ("Removed", &directive.removed)] {
        let Some(ending) = ending else { continue };
        let mut parts = Vec::new();
        if ending.since > 0 {
            parts.push(format!("since systemd {}", ending.since));
        }
        if !ending.successor.is_empty() {
            parts.push(format!("use {}= instead", ending.successor));
        }
        if !ending.note.is_empty() {
            parts.push(ending.note.to_owned());
        }
        row(label, &if parts.is_empty() { "yes".to_owned() } else { parts.join("; ") });
    }
    row("Manual", directive.man);
    if !directive.doc.is_empty() {
        let _ = write!(out, "\n{}", text::render(directive.doc));
    }
    if !directive.example.is_empty() {
        out.push('\n');
        directive.example.lines().for_each(|line| out.push_str(&format!("    {line}\n")));
    }
    out.push_str("\nWhat becomes of it elsewhere:\n");
    for backend in Backend::OTHERS {
        let fate = schema::support(directive.key, backend).to_string();
        out.push_str(&text::row(&format!("  {}", backend.name()), 14, &fate));
    }
    out
}
