use crate::diagnostic::Severity;
use crate::rules::context::shown;
use crate::rules::shell_syntax::starts_command;
use crate::rules::{Check, DirectiveContext, Findings, Rule, shell_builtin};
use crate::syntax::supervisord::is_blank;
use crate::text::{Edit, Span};
use crate::values::supervisord::{Kind, command};

pub(in crate::rules) static RULE: Rule = Rule {
    name: "inline-comment",
    severity: Severity::Error,
    optional: false,
    doc: "\
A value of supervisord.conf that is cut in its midst: a `;` or `#` behind a blank begins a comment, also inside quotes.

```ini
[program:web]
command=/bin/sh -c \"cd /srv/web ; exec ./run\"
```

Leave the blank away where that makes no difference, as for the `;` of a shell: `cd /srv/web; exec ./run`. Else end the quotes in front of it and begin them again: `\"a \"\"#b\"`.",
    systemd: None,
    supervisord: Some(Check::Directive(check)),
};

fn check(cx: &DirectiveContext, findings: &mut Findings) {
    let Some(cut) = Cut::of(cx) else { return };
    let text = cx.file.file.text;
    let mark = text[cut.comment].chars().next().unwrap_or(';');
    let behind = shown(&text[cut.comment]);
    let why = match cut.quote {
        Some(_) => format!("the \"{mark}\" begins a comment, also in quotes: \"{behind}\" is cut off"),
        None => format!("the \"{mark}\" behind a blank begins a comment: \"{behind}\" is cut off"),
    };
    let finding = RULE.at(cut.comment, why);
    findings.push(match cut.edits(cx) {
        Some((edits, true)) => finding.fix("Keep what is cut off", edits),
        Some((edits, false)) => finding.suggestion("Keep what is cut off", edits),
        None => finding.help("write it without a blank in front"),
    });
}

/// A comment that takes away a part of a value.
struct Cut {
    comment: Span,
    /// What it stands in.
    quote: Option<char>,
}

/// Whether a comment takes away a part of the value, so that what else is wrong with it may come of that.
pub(in crate::rules) fn is_cut(cx: &DirectiveContext) -> bool {
    Cut::of(cx).is_some()
}

impl Cut {
    fn of(cx: &DirectiveContext) -> Option<Self> {
        let kind = cx.supervisord_kind()?;
        let lines = cx.file.file.lines(cx.directive.span);
        let comments = &cx.file.file.comments;
        let first = comments.partition_point(|comment| comment.start < cx.directive.key_span.end);
        let inside = comments[first..].iter().take_while(|comment| comment.start < lines.end);
        let mut cuts = inside.filter(|comment| is_inline(cx, **comment));
        cuts.find_map(|&comment| Cut::judge(cx, kind, comment))
    }

    /// Whether this comment was surely meant to be a part of the value.
    fn judge(cx: &DirectiveContext, kind: Kind, comment: Span) -> Option<Self> {
        let value = &cx.directive.value;
        let text = value.text();
        // The comment of the last line lies behind the value.
        let end = if comment.start >= value.span().end { text.len() as u32 } else { value.inner(comment.start) };
        let before = text.get(..end as usize)?;
        let behind = &cx.file.file.text[comment];
        let rest = behind[1..].trim_start();
        let glued = !behind[1..].starts_with(is_blank) && !rest.is_empty();
        let quote = match kind {
            Kind::Command => open_quote(before, true),
            Kind::Environment => open_quote(before, false),
            _ => None,
        };
        let meant = quote.is_some()
            || match (kind, behind.as_bytes()[0]) {
                (Kind::Command, b';') => {
                    let program = before.split_whitespace().next().unwrap_or_default();
                    !rest.is_empty() && (starts_command(rest) || shell_builtin::is_builtin(program))
                }
                (Kind::Command, _) => {
                    let option = before
                        .split_whitespace()
                        .last()
                        .is_some_and(|last| last.starts_with('-') && !last.contains('='));
                    option && glued && !rest.contains(char::is_whitespace)
                }
                (Kind::Password, _) => glued && !rest.contains(char::is_whitespace),
                _ => false,
            };
        meant.then_some(Cut { comment, quote })
    }

    /// What keeps the marks from beginning a comment, and whether that is right for sure.
    fn edits(&self, cx: &DirectiveContext) -> Option<(Vec<Edit>, bool)> {
        let quote = self.quote.filter(|_| cx.supervisord_kind() == Some(Kind::Command))?;
        let text = cx.file.file.text;
        let line = Span { end: self.comment.end, ..cx.directive.value.span() };
        if cx.directive.value.is_continued() {
            return None;
        }
        let shell = text[line].contains("sh -c ") || text[line].contains("sh -lc ");
        let mut edits = Vec::new();
        let mut kept = String::new();
        let mut from = line.start as usize;
        for (at, mark) in text[self.comment].match_indices([';', '#']) {
            let at = self.comment.start as usize + at;
            let words = text[line.start as usize..at].trim_end_matches([' ', '\t']).len() + line.start as usize;
            if words == at {
                continue;
            }
            if shell && mark == ";" {
                edits.push(Edit::delete(Span::new(words, at)));
                kept.push_str(&text[from..words]);
            } else {
                edits.push(Edit::insert(at, format!("{quote}{quote}")));
                kept.push_str(&text[from..at]);
                kept.extend([quote, quote]);
            }
            from = at;
        }
        kept.push_str(&text[from..line.end as usize]);
        let mut problems = Vec::new();
        command::parse(&kept, &mut problems);
        problems.is_empty().then_some((edits, shell))
    }
}

/// Whether a comment stands behind something on its line.
fn is_inline(cx: &DirectiveContext, comment: Span) -> bool {
    let line = cx.file.file.line(comment.start);
    !cx.file.file.text[Span { end: comment.start, ..line }].chars().all(is_blank)
}

/// The quote that `text` ends in, if it does; `escapes` says whether a backslash takes the next character.
pub(in crate::rules) fn open_quote(text: &str, escapes: bool) -> Option<char> {
    let mut quote = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, quote) {
            (_, Some(open)) if c == open => quote = None,
            ('\\', None | Some('"')) if escapes => drop(chars.next()),
            ('"' | '\'', None) => quote = Some(c),
            _ => {}
        }
    }
    quote
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check_supervisord, fixed_supervisord};
    use expect_test::expect;

    #[test]
    fn what_is_cut_off() {
        let text = "[program:a]\ncommand=/bin/sh -c \"cd /srv ; ./run ; ./on #1\"\nenvironment=A=\"x ;y\",B=1\n\
                    [program:b]\ncommand=/bin/job 'a #b' 'c'\n[program:c]\ncommand=cd /srv ; ./run\n\
                    [program:d]\ncommand=/bin/job ; /bin/other\n[program:e]\ncommand=irc -j #rust\n\
                    [inet_http_server]\npassword=ab ;cd\n";
        check_supervisord(
            &[text],
            true,
            "inline-comment",
            expect![[r##"
            error 2:29-2:47 the ";" begins a comment, also in quotes: "; ./run ; ./on #1"" is cut off
              fix: Keep what is cut off
            error 3:18-3:25 the ";" begins a comment, also in quotes: ";y",B=1" is cut off
              help: write it without a blank in front
            error 5:21-5:28 the "#" begins a comment, also in quotes: "#b' 'c'" is cut off
              suggestion: Keep what is cut off
            error 7:17-7:24 the ";" behind a blank begins a comment: "; ./run" is cut off
              help: write it without a blank in front
            error 9:18-9:30 the ";" behind a blank begins a comment: "; /bin/other" is cut off
              help: write it without a blank in front
            error 11:16-11:21 the "#" behind a blank begins a comment: "#rust" is cut off
              help: write it without a blank in front
            error 13:13-13:16 the ";" behind a blank begins a comment: ";cd" is cut off
              help: write it without a blank in front
        "##]],
        );
        fixed_supervisord(
            text,
            "inline-comment",
            expect![[r##"
            [program:a]
            command=/bin/sh -c "cd /srv; ./run; ./on ""#1"
            environment=A="x ;y",B=1
            [program:b]
            command=/bin/job 'a ''#b' 'c'
            [program:c]
            command=cd /srv ; ./run
            [program:d]
            command=/bin/job ; /bin/other
            [program:e]
            command=irc -j #rust
            [inet_http_server]
            password=ab ;cd
        "##]],
        );
        check_supervisord(
            &[text],
            true,
            "invalid-value",
            expect![[r#"
            error 2:20-2:21 this quote is never closed
            error 3:15-3:16 this quote is never closed
            error 5:18-5:19 this quote is never closed
        "#]],
        );
    }

    #[test]
    fn comments_are_left_alone() {
        let text = "[program:a] ; the first\ncommand=/bin/job -a ; the program (default: none)\nuser=a #b\n\
                    autostart=true;x\nenvironment=A=\"it's\",B='c' ; d\ndirectory=/a ;;; b\n\
                    command=/bin/job -a # b\n[program:b]\ncommand=/bin/job\n   ;--fast\n   --slow ; why\n   -x #no way\n";
        check_supervisord(&[text], true, "inline-comment", expect![[""]]);
    }
}
