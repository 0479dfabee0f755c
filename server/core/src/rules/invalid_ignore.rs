use super::{ALL, Check, Rule};
use crate::diagnostic::{Diagnostic, Severity};
use crate::schema;
use crate::text::{Edit, Span};

pub(super) static RULE: Rule = Rule {
    name: "invalid-ignore",
    severity: Severity::Warning,
    optional: false,
    doc: "\
A comment that is meant to silence a finding, but can't. It names no rule, or one that doesn't exist, or stands in the wrong place.

```ini
[Service]
# svlsp: ignore[unknwon-directive]
Frobnicate=yes
```

Two forms silence something. `# svlsp: ignore[RULE, RULE]` stands on the line before; `# svlsp: ignore-file[RULE]` stands above the first section and is for the whole file. What follows the bracket is up to you: say why.",
    systemd: Some(Check::Other),
    supervisord: Some(Check::Other),
};

/// A rule that doesn't exist.
pub(super) fn unknown(name: &str, span: Span) -> Diagnostic {
    let finding = RULE.at(span, format!("no rule is called \"{name}\""));
    match schema::nearest(name, ALL.iter().map(|rule| rule.name)) {
        Some(near) => finding
            .help(format!("did you mean {near}?"))
            .fix(format!("Rename to {near}"), vec![Edit::replace(span, near)]),
        None => finding.help("`svlsp explain` lists the rules"),
    }
}

/// Something else than `ignore` and `ignore-file`.
pub(super) fn verb(verb: &str, span: Span) -> Diagnostic {
    RULE.at(span, format!("unknown order \"{verb}\""))
        .help("write \"# svlsp: ignore[RULE]\" or \"# svlsp: ignore-file[RULE]\"")
}

/// No rule in brackets behind `verb`.
pub(super) fn nameless(verb: &str, span: Span) -> Diagnostic {
    RULE.at(span, "this comment doesn't say what to ignore")
        .help(format!("name the rules: \"# svlsp: {verb}[RULE, RULE]\""))
}

/// `ignore-file` that isn't at the top.
pub(super) fn too_late(span: Span) -> Diagnostic {
    RULE.at(span, "this comment has no effect below the first section header")
        .help("write it at the top of the file, or \"ignore\" for the next line alone")
}
