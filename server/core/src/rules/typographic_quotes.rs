use super::{Check, DirectiveContext, Findings, Rule, invisible_character};
use crate::diagnostic::Severity;
use crate::text::{Edit, Span};
use crate::values::ValueType;
use crate::values::supervisord::Kind;

pub(super) static RULE: Rule = Rule {
    name: "typographic-quotes",
    severity: Severity::Warning,
    optional: false,
    doc: "\
A typographic quote or dash where a word begins, in a value whose quotes and dashes mean something. To systemd, supervisord and the programs they start these are letters like any other. They come from web pages and word processors.

```text
ExecStart=/usr/bin/job –name “a b”
```

Write `\"` or `'`, and `-` or `--`.",
    systemd: Some(Check::Directive(check)),
    supervisord: Some(Check::Directive(check)),
};

fn check(cx: &DirectiveContext, findings: &mut Findings) {
    let value = &cx.directive.value;
    let quotes = |entry: &crate::schema::Directive| {
        matches!(
            entry.value,
            ValueType::Exec
                | ValueType::Environment
                | ValueType::UnsetEnvironment
                | ValueType::Supervisord(Kind::Command | Kind::Environment)
        )
    };
    if value.text().is_ascii() || !cx.entry.is_some_and(quotes) {
        return;
    }
    let mut open = false;
    let mut before = ' ';
    for (at, c) in invisible_character::outside_quotes(value.text()) {
        let starts = matches!(before, ' ' | '\t' | '=');
        before = c;
        let (what, plain) = match c {
            '“' | '”' | '„' | '‟' | '″' => ("quote", "\""),
            '‘' | '’' | '‚' | '‛' | '′' => ("quote", "'"),
            '–' | '‒' | '−' if starts => ("dash", "-"),
            '—' | '―' if starts => ("dash", "--"),
            _ => continue,
        };
        if what == "quote" {
            // An apostrophe inside a word is none.
            if !starts && !open {
                continue;
            }
            open = starts;
        }
        let span = value.source(Span::new(at, at + c.len_utf8()));
        findings.push(
            RULE.at(span, format!("typographic {what} {c}: only {plain} means something here"))
                .suggestion(format!("Write {plain}"), vec![Edit::replace(span, plain)]),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, fixed};
    use crate::rules::testing::{check_supervisord, fixed_supervisord};
    use expect_test::expect;

    #[test]
    fn quotes_and_dashes_of_words() {
        let text = "[Service]\nExecStart=/bin/job –v —name “a b” ‘c’\nEnvironment=A=„x y“\n";
        check(
            "a.service",
            text,
            "typographic-quotes",
            expect![[r#"
            warning 2:20-2:21 typographic dash –: only - means something here
              suggestion: Write -
            warning 2:23-2:24 typographic dash —: only -- means something here
              suggestion: Write --
            warning 2:29-2:30 typographic quote “: only " means something here
              suggestion: Write "
            warning 2:33-2:34 typographic quote ”: only " means something here
              suggestion: Write "
            warning 2:35-2:36 typographic quote ‘: only ' means something here
              suggestion: Write '
            warning 2:37-2:38 typographic quote ’: only ' means something here
              suggestion: Write '
            warning 3:15-3:16 typographic quote „: only " means something here
              suggestion: Write "
            warning 3:19-3:20 typographic quote “: only " means something here
              suggestion: Write "
        "#]],
        );
        fixed(
            "a.service",
            text,
            "typographic-quotes",
            expect![[r#"
            [Service]
            ExecStart=/bin/job -v --name "a b" 'c'
            Environment=A="x y"
        "#]],
        );
    }

    #[test]
    fn prose_and_quoted_ones_are_fine() {
        let text = "[Unit]\nDescription=The “a” – b\n[Service]\nExecStart=/bin/echo \"it’s – “fine”\" it’s a–b\n";
        check("a.service", text, "typographic-quotes", expect![[""]]);
    }

    #[test]
    fn supervisord() {
        let text = "[program:a]\ncommand=/bin/a –b “c d”\nenvironment=A=“b”\nprocess_name=a–b\n";
        check_supervisord(
            &[text],
            true,
            "typographic-quotes",
            expect![[r#"
            warning 2:16-2:17 typographic dash –: only - means something here
              suggestion: Write -
            warning 2:19-2:20 typographic quote “: only " means something here
              suggestion: Write "
            warning 2:23-2:24 typographic quote ”: only " means something here
              suggestion: Write "
            warning 3:15-3:16 typographic quote “: only " means something here
              suggestion: Write "
            warning 3:17-3:18 typographic quote ”: only " means something here
              suggestion: Write "
        "#]],
        );
        fixed_supervisord(
            text,
            "typographic-quotes",
            expect![[r#"
            [program:a]
            command=/bin/a -b "c d"
            environment=A="b"
            process_name=a–b
        "#]],
        );
    }
}
