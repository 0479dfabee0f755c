//! `svlsp explain`

use std::fmt::Write as _;
use std::io::{self, Write};

use clap::Args;
use svlsp_core::fate::Backend;
use svlsp_core::rules::{self, Rule};
use svlsp_core::schema::{self, Directive, SECTIONS, Section, Title};

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
  svlsp explain '[Service] Restart' the same
  svlsp explain program.command     a setting of supervisord.conf
  svlsp explain program             one of its sections")]
pub(super) struct ExplainArgs {
    /// The rule, directive or section
    #[arg(value_name = "RULE|DIRECTIVE|SECTION", num_args = 0..)]
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
    let sections = || all_sections().filter(|known| section.is_none_or(|name| known.name.eq_ignore_ascii_case(name)));
    let found = directives(sections(), key);
    let mut parts: Vec<String> = found.iter().map(|(directive, sections)| of_directive(directive, sections)).collect();
    let titled = |known: &&Section| match section {
        Some(_) => key.is_empty(),
        None => known.name == key || found.is_empty() && known.name.eq_ignore_ascii_case(key),
    };
    parts.extend(sections().filter(titled).map(of_section));
    if !parts.is_empty() {
        return Ok(parts.join("\n"));
    }
    if let (Some(section), None) = (section, sections().next()) {
        let near = schema::nearest(section, all_sections().map(|section| section.name));
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

/// Those of units, then those of supervisord.conf.
fn all_sections() -> impl Iterator<Item = &'static Section> {
    SECTIONS.iter().chain(schema::supervisord::SECTIONS)
}

/// The directives called `key` of some sections, and which of those each stands in. With a capital letter in
/// it, `key` is `User` and not `user` where there are both.
fn directives(
    sections: impl Iterator<Item = &'static Section>,
    key: &str,
) -> Vec<(&'static Directive, Vec<&'static Section>)> {
    let mut found: Vec<(&'static Directive, Vec<&'static Section>)> = Vec::new();
    for section in sections {
        for directive in section.directives().filter(|directive| directive.name.eq_ignore_ascii_case(key)) {
            match found.iter_mut().find(|(other, _)| other.key == directive.key) {
                Some((_, sections)) => sections.push(section),
                None => found.push((directive, vec![section])),
            }
        }
    }
    if key.contains(char::is_uppercase) && found.iter().any(|(directive, _)| directive.name == key) {
        found.retain(|(directive, _)| directive.name == key);
    }
    found
}

/// Reads `Restart`, `Restart=`, `Service.Restart`, `[Service] Restart=`, `[program:web] command`,
/// `program:web` and `supervisor.ctl_factory`.
fn split(name: &str) -> (Option<&str>, &str) {
    let name = name.split('=').next().unwrap_or(name).trim();
    let kind = |section| str::split_once(section, ':').map_or(section, |(kind, _)| kind).trim();
    if let Some((section, key)) = name.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return (Some(kind(section)), key.trim());
    }
    match name.split_once('.') {
        Some((section, key)) if section != "supervisor" => (Some(kind(section)), key),
        _ if name.contains(':') => (Some(kind(name)), ""),
        _ => (None, name),
    }
}

fn of_rule(rule: &Rule) -> String {
    let optional = if rule.optional { ", runs only when selected" } else { "" };
    let (name, severity, subject) = (rule.name, rule.severity.name(), rule.subject());
    format!("{name} ({severity}, for {subject}{optional})\n\n{}", text::render(rule.doc))
}

/// A section with the names of its settings.
fn of_section(section: &Section) -> String {
    let mut out = format!("{}\n\n{}\n", header(section), text::render(section.doc));
    section.example.lines().for_each(|line| out.push_str(&format!("    {line}\n")));
    let names: Vec<&str> = section.directives().map(|directive| directive.name).collect();
    if !names.is_empty() {
        out.push_str("\nIts settings:\n");
        out.push_str(&text::row("", 2, &names.join(", ")));
    }
    out
}

/// `[Service]`, `[program:x]`
fn header(section: &Section) -> String {
    let title = if section.title == Title::Always { ":x" } else { "" };
    format!("[{}{title}]", section.name)
}

fn of_directive(directive: &Directive, sections: &[&Section]) -> String {
    let mut out = format!("{}=\n\n", directive.name);
    let mut row = |label: &str, value: &str| {
        if !value.is_empty() {
            let _ = writeln!(out, "  {label:<12}{value}");
        }
    };
    let sections: Vec<String> = sections.iter().map(|section| header(section)).collect();
    row("Section", &sections.join(", "));
    row("Default", directive.default);
    row("Repeated", if directive.list { "the values add up" } else { "the last one holds" });
    row("Since", &directive.release().unwrap_or_default());
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
    let backends = if directive.is_of_supervisord() { &Backend::ALL[..] } else { &Backend::OTHERS };
    for &backend in backends {
        let fate = schema::support(directive.key, backend).to_string();
        out.push_str(&text::row(&format!("  {}", backend.name()), 14, &fate));
    }
    out
}
