use crate::syntax::{Directive, File, Section};
use crate::text::Span;

/// What stands at some place of a file.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The section around it; `None` before the first one.
    pub section: Option<&'a Section<'a>>,
    /// What exactly it is.
    pub part: Part<'a>,
}

/// What a place is part of.
#[derive(Clone, Copy, Debug)]
pub enum Part<'a> {
    /// The header of the section.
    Header,
    /// A comment.
    Comment(Span),
    /// The key of a directive, its end included.
    Key(&'a Directive<'a>),
    /// The value of a directive, both ends included.
    Value {
        /// The directive.
        directive: &'a Directive<'a>,
        /// The offset in the text of its value.
        at: u32,
    },
    /// Anything else: an empty line, one that is only begun, the blanks around a `=`.
    Other,
}

impl<'a> Place<'a> {
    /// What stands at `offset` of `file`.
    pub(super) fn of(file: &'a File<'a>, offset: u32) -> Self {
        let here = Span { start: offset, end: offset };
        let section = file.section_at(here);
        let part = match section {
            Some(section) if section.header.start <= offset && offset <= section.header.end => Part::Header,
            _ => Self::part(file, offset),
        };
        Place { section, part }
    }

    fn part(file: &'a File<'a>, offset: u32) -> Part<'a> {
        let next = file.comments.partition_point(|comment| comment.start <= offset);
        if let Some(comment) = next.checked_sub(1).map(|at| file.comments[at])
            && offset <= comment.end
        {
            return Part::Comment(comment);
        }
        let next = file.directives.partition_point(|directive| directive.span.start <= offset);
        let Some(directive) = next.checked_sub(1).map(|at| &file.directives[at]) else { return Part::Other };
        let value = directive.value.span();
        match () {
            () if offset <= directive.key_span.end => Part::Key(directive),
            () if value.start <= offset && offset <= value.end => {
                Part::Value { directive, at: directive.value.inner(offset) }
            }
            () => Part::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::syntax::scan;

    /// What stands at each `$`.
    fn check(text: &str, expect: Expect) {
        let mut out = String::new();
        let clean = text.replace('$', "");
        let file = scan(&clean);
        for (count, (at, _)) in text.match_indices('$').enumerate() {
            let Place { section, part } = Place::of(&file, (at - count) as u32);
            let part = match part {
                Part::Header => "header".to_owned(),
                Part::Comment(span) => format!("comment {:?}", &clean[span.range()]),
                Part::Key(directive) => format!("key {}", directive.key),
                Part::Value { directive, at } => format!("value of {} at {at}", directive.key),
                Part::Other => "other".to_owned(),
            };
            out.push_str(&format!("{}: {part}\n", section.map_or("", |section| &section.name)));
        }
        expect.assert_eq(&out);
    }

    #[test]
    fn places() {
        check(
            "$\n$# a$\n$[Un$it]$\n$\n$Aft$er$ $= $a.b$ c$\n  $\n#$\nExec=a\\$\n$ b\\\n# $c\n d$e$\nX$",
            expect![[r##"
                : other
                : comment "# a"
                : comment "# a"
                Unit: header
                Unit: header
                Unit: header
                Unit: other
                Unit: key After
                Unit: key After
                Unit: key After
                Unit: other
                Unit: value of After at 0
                Unit: value of After at 3
                Unit: value of After at 5
                Unit: other
                Unit: comment "#"
                Unit: value of Exec at 2
                Unit: value of Exec at 2
                Unit: comment "# c"
                Unit: value of Exec at 7
                Unit: value of Exec at 8
                Unit: other
            "##]],
        );
    }
}
