//! How supervisord.conf is laid out.

use super::{Equals, Indent, Options, put};
use crate::syntax::supervisord::{lines, scan};
use crate::syntax::{Directive, File};
use crate::text::{Edit, Span, apply_all};

/// The blanks that are taken away or put in.
const BLANKS: [char; 2] = [' ', '\t'];

/// `edits`, or none if they would change what `file` says.
pub(super) fn kept(file: &File, edits: Vec<Edit>) -> Vec<Edit> {
    let after = apply_all(file.text, [&*edits]).text;
    let after = scan(&after);
    let sections = |file: &File| -> Vec<(String, usize)> {
        file.sections.iter().map(|section| (section.name.to_string(), section.directives.len())).collect()
    };
    let same = |(a, b): (&Directive, &Directive)| a.key == b.key && a.value.text() == b.value.text();
    let comments = |file: &File| file.comments.iter().map(|span| file.text[*span].to_owned()).collect::<Vec<_>>();
    let problems = |file: &File| file.problems.iter().map(|problem| problem.kind).collect::<Vec<_>>();
    let unchanged = sections(file) == sections(&after)
        && file.directives.len() == after.directives.len()
        && file.directives.iter().zip(&after.directives).all(same)
        && comments(file) == comments(&after)
        && problems(file) == problems(&after);
    if unchanged { edits } else { Vec::new() }
}

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Nothing, outside of values.
    Blank,
    /// A comment alone, outside of values.
    Comment,
    Header,
    /// The first line of a directive: which.
    Key(usize),
    /// A line that goes on with the value of a directive.
    More(usize),
    /// What nobody reads, and what lies between the lines of a value.
    Other,
}

struct Line {
    kind: Kind,
    text: Span,
    next: u32,
    /// How long the longest of the keys is that stand together with it, in bytes.
    longest: usize,
}

pub(super) fn format(file: &File, options: &Options) -> Vec<Edit> {
    let mut all = read(file);
    let mut edits = Vec::new();
    if all.iter().any(|line| &file.text[Span { start: line.text.end, end: line.next }] == "\r") {
        // Two line ends could become one.
        return edits;
    }
    align(file, &mut all);
    for line in all.iter().filter(|line| line.kind != Kind::Blank) {
        inside(file, options, line, &mut edits);
    }
    let end = all.first().map(|line| &file.text[Span { start: line.text.end, end: line.next }]);
    let end = end.filter(|end| !end.is_empty()).unwrap_or("\n");
    between(&all, options, end, &mut edits);
    if let Some(last) = all.iter().rfind(|line| line.kind != Kind::Blank)
        && last.text.end == last.next
    {
        edits.push(Edit::insert(last.next as usize, end.to_owned()));
    }
    edits.sort_by_key(|edit| edit.span);
    edits
}

/// The lines of a file, and what each is.
fn read(file: &File) -> Vec<Line> {
    let (mut section, mut directive, mut comment) = (0, 0, 0);
    let mut out = Vec::new();
    for (text, next) in lines(file.text) {
        while file.directives.get(directive).is_some_and(|known| known.span.end < text.start) {
            directive += 1;
        }
        while file.sections.get(section).is_some_and(|known| known.header.start < text.start) {
            section += 1;
        }
        while file.comments.get(comment).is_some_and(|known| known.start < text.start) {
            comment += 1;
        }
        let content = file.text[text].trim_start_matches(BLANKS);
        let start = text.end - content.len() as u32;
        let known = file.directives.get(directive).filter(|known| known.span.start <= text.end);
        let is_comment = file.comments.get(comment).is_some_and(|known| known.start == start);
        let kind = match known {
            Some(known) if known.key_span.start == start => Kind::Key(directive),
            Some(_) if is_comment || content.is_empty() => Kind::Other,
            Some(_) => Kind::More(directive),
            None if content.is_empty() => Kind::Blank,
            None if is_comment => Kind::Comment,
            None if file.sections.get(section).is_some_and(|known| known.header.start == start) => Kind::Header,
            None => Kind::Other,
        };
        out.push(Line { kind, text, next, longest: 0 });
    }
    out
}

/// The blanks of a line.
fn inside(file: &File, options: &Options, line: &Line, edits: &mut Vec<Edit>) {
    let Line { kind, text, .. } = *line;
    let written = &file.text[text];
    let leading = Span { end: text.start + (written.len() - written.trim_start_matches(BLANKS).len()) as u32, ..text };
    let trailing = Span { start: text.start + written.trim_end_matches(BLANKS).len() as u32, ..text };
    let width = |wanted: usize| " ".repeat(wanted.max(1));
    match kind {
        Kind::Header | Kind::Key(_) => edits.extend(put(file, leading, String::new())),
        Kind::More(directive) => {
            let wanted = match options.indent {
                Indent::Keep => None,
                Indent::Spaces(count) => Some(width(count.into())),
                Indent::Align => Some(width(column(file, options, line, &file.directives[directive]))),
            };
            edits.extend(wanted.and_then(|wanted| put(file, leading, wanted)));
        }
        Kind::Blank | Kind::Comment | Kind::Other => {}
    }
    if let Kind::Key(directive) = kind {
        separator(file, options, line, &file.directives[directive], edits);
    }
    if trailing.start > leading.end {
        edits.extend(put(file, trailing, String::new()));
    }
}

/// The blanks around the `=` or `:` of a directive.
fn separator(file: &File, options: &Options, line: &Line, directive: &Directive, edits: &mut Vec<Edit>) {
    let behind = Span { start: directive.key_span.end, end: line.text.end };
    let rest = &file.text[behind];
    let sign = rest.len() - rest.trim_start_matches(BLANKS).len();
    if !rest[sign..].starts_with(['=', ':']) {
        return;
    }
    let value = &rest[sign + 1..];
    let blanks = value.len() - value.trim_start_matches(BLANKS).len();
    let end = behind.start + (sign + 1 + blanks) as u32;
    let is_colon = rest[sign..].starts_with(':');
    // Behind the sign there may be a comment, which has to stay one, or nothing.
    let has_value = end < behind.end && file.comments.binary_search_by_key(&end, |comment| comment.start).is_err();
    let before = match options.equals {
        Equals::Tight => String::new(),
        Equals::Aligned => " ".repeat(line.longest.saturating_sub(directive.key_span.len()) + 1),
    };
    // Behind a blank, these would begin a comment.
    let is_safe = !value[blanks..].starts_with([';', '#']);
    let after = if is_safe && (options.equals == Equals::Aligned || is_colon) { " " } else { "" };
    let (end, after) = if has_value { (end, after) } else { (behind.start + sign as u32 + 1, "") };
    let before = if is_colon { String::new() } else { before };
    let text = format!("{before}{}{after}", if is_colon { ':' } else { '=' });
    edits.extend(put(file, Span { start: behind.start, end }, text));
}

/// Says of lines that stand together how long the longest key is.
fn align(file: &File, all: &mut [Line]) {
    for block in all.chunk_by_mut(|_, next| !matches!(next.kind, Kind::Blank | Kind::Header)) {
        let keys = block.iter().filter_map(|line| match line.kind {
            Kind::Key(directive) => Some(file.directives[directive].key_span.len()),
            _ => None,
        });
        let longest = keys.max().unwrap_or_default();
        block.iter_mut().for_each(|line| line.longest = longest);
    }
}

/// Where a value begins in its line once that is formatted.
fn column(file: &File, options: &Options, line: &Line, directive: &Directive) -> usize {
    match options.equals {
        Equals::Tight => file.text[directive.key_span].chars().count() + 1,
        Equals::Aligned => line.longest + 3,
    }
}

/// Blank lines outside of values.
fn between(all: &[Line], options: &Options, end: &str, edits: &mut Vec<Edit>) {
    let mut first = 0;
    for at in 0..=all.len() {
        if all.get(at).is_some_and(|line| line.kind == Kind::Blank) {
            continue;
        }
        let run = &all[first..at];
        let above = first.checked_sub(1).map(|above| all[above].kind);
        let wanted = match (above, all.get(at)) {
            (None, _) | (_, None) => 0,
            (Some(above), Some(_)) if is_border(all, at, !run.is_empty()) => {
                let least = usize::from(above == Kind::Comment && !run.is_empty());
                usize::from(options.section_blank_lines).max(least)
            }
            (Some(above), Some(_)) => {
                let least = usize::from(above == Kind::Comment);
                run.len().min(usize::from(options.max_blank_lines).max(least))
            }
        };
        resize(all, at, run, wanted, end, edits);
        first = at + 1;
    }
}

/// Whether the line `at` is a header, or the first of the comments above one that stand apart.
fn is_border(all: &[Line], at: usize, apart: bool) -> bool {
    match all[at].kind {
        Kind::Header => {
            !matches!(at.checked_sub(1).map(|above| all[above].kind), Some(Kind::Comment)) || {
                let comments = all[..at].iter().rev().take_while(|line| line.kind == Kind::Comment).count();
                // What stands right below a setting is about that.
                !matches!(all[..at - comments].last().map(|line| line.kind), None | Some(Kind::Blank))
            }
        }
        Kind::Comment if apart => {
            let below = all[at..].iter().find(|line| line.kind != Kind::Comment);
            below.is_some_and(|line| line.kind == Kind::Header)
        }
        _ => false,
    }
}

/// Makes `run`, blank lines in front of the line `at`, `wanted` empty ones.
fn resize(all: &[Line], at: usize, run: &[Line], wanted: usize, end: &str, edits: &mut Vec<Edit>) {
    for line in run.iter().take(wanted).filter(|line| !line.text.is_empty()) {
        edits.push(Edit::delete(line.text));
    }
    if let Some(rest) = run.get(wanted..).filter(|rest| !rest.is_empty()) {
        edits.push(Edit::delete(Span { start: rest[0].text.start, end: rest[rest.len() - 1].next }));
    }
    let missing = wanted.saturating_sub(run.len());
    if missing > 0
        && let Some(line) = all.get(at)
    {
        edits.push(Edit::insert(line.text.start as usize, end.repeat(missing)));
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::super::format as whole;
    use super::*;

    fn formatted(text: &str, options: &Options) -> String {
        apply_all(text, [&*whole(&scan(text), options)]).text
    }

    fn check(text: &str, options: &Options, expect: Expect) {
        let once = formatted(text, options);
        expect.assert_eq(&once);
        assert_eq!(formatted(&once, options), once);
    }

    const TEXT: &str = "\n; main\n  [supervisord]  \nlogfile = /a  ; b\t\n\n\n pidfile: x\n# about web\n[program:web]\n\
        command =\n    a\n\n\tb ;c\nuser=\t;nobody\nenvironment = A=\"b\",\n  # inside\n  C=d\n\n\n\n; end";

    #[test]
    fn blanks_go_where_they_mean_nothing() {
        check(
            TEXT,
            &Options::default(),
            expect![[r#"
            ; main
            [supervisord]
            logfile=/a  ; b


             pidfile: x
            # about web

            [program:web]
            command=
                a

            	b ;c
            user=	;nobody
            environment=A="b",
              # inside
              C=d

            ; end
        "#]],
        );
    }

    #[test]
    fn values_below_each_other() {
        let options = Options { equals: Equals::Aligned, indent: Indent::Align, ..Options::default() };
        check(
            TEXT,
            &options,
            expect![[r#"
            ; main
            [supervisord]
            logfile = /a  ; b


                      pidfile: x
            # about web

            [program:web]
            command     =
                          a

                          b ;c
            user        =	;nobody
            environment = A="b",
              # inside
                          C=d

            ; end
        "#]],
        );
    }

    #[test]
    fn any_text_means_the_same_formatted_and_formatting_comes_to_an_end() {
        const PIECES: [&str; 24] = [
            "[a]",
            "[",
            "]",
            "k",
            "=",
            ":",
            " ",
            "\t",
            "\n",
            "\r\n",
            "\n\n",
            "\r",
            ";",
            "#",
            " ; c",
            "v",
            "\n  ",
            "\n\t",
            "%%",
            "ä",
            "\u{a0}",
            "\x1c",
            "K = v ;",
            "\n[program:x]\n",
        ];
        let mut state = 1u64;
        let mut below = |bound: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % bound
        };
        let mut told = 0;
        for round in 0..4000 {
            let count = below(16);
            let text: String = (0..count).map(|_| PIECES[below(PIECES.len())]).collect();
            let text = format!("[a]\n{text}");
            let options = match round % 3 {
                0 => Options::default(),
                1 => Options { equals: Equals::Aligned, indent: Indent::Align, ..Options::default() },
                _ => Options { indent: Indent::Spaces(2), section_blank_lines: 2, ..Options::default() },
            };
            let file = scan(&text);
            let edits = format(&file, &options);
            if file.problems.is_empty() && !text.contains(['\u{a0}', '\x1c']) {
                told += 1;
                assert_eq!(kept(&file, edits.clone()), edits, "the meaning of {text:?} changes");
            }
            let edits = kept(&file, edits);
            let once = apply_all(&text, [&*edits]).text;
            assert_eq!(formatted(&once, &options), once, "{text:?} isn't done after the first time");
        }
        assert!(told > 500, "only {told} texts without problems");
    }
}
