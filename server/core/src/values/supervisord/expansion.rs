//! `%(name)s`: Python's `%` formatting, which supervisor does with most values (`expand` of
//! `options.py`, `PyUnicode_Format` of CPython's `Objects/unicodeobject.c`).

use crate::schema::{Directive, Group};
use crate::text::Span;
use crate::values::{Problem, shown};

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'v> {
    /// A text.
    Text(&'v str),
    /// A number: `process_num` and `numprocs`.
    Number(i64),
}

/// A part of a text that is to be expanded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'t> {
    /// What stays as it is.
    Plain(Span),
    /// `%%`.
    Percent(Span),
    /// `%(name)s`.
    Named(Named<'t>),
}

/// `%(name)02d`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named<'t> {
    /// All of it.
    pub span: Span,
    /// Between the parentheses.
    pub name: &'t str,
    /// Where the name stands.
    pub name_span: Span,
    /// How it is written.
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Format {
    left: bool,
    plus: bool,
    blank: bool,
    alternate: bool,
    zero: bool,
    width: usize,
    precision: Option<usize>,
    conversion: char,
}

/// Wider than any field that is meant; Python would make room for it.
const MOST: usize = 4096;

/// The parts of `text`, one after the other, up to the first that Python doesn't take.
pub fn parts(text: &str) -> impl Iterator<Item = Result<Part<'_>, Problem>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        let start = at;
        match memchr::memchr(b'%', rest.as_bytes()) {
            Some(0) => {}
            found => {
                at += found.unwrap_or(rest.len());
                return Some(Ok(Part::Plain(Span::new(start, at))));
            }
        }
        if rest.starts_with("%%") {
            at += 2;
            return Some(Ok(Part::Percent(Span::new(start, at))));
        }
        let named = Named::read(text, start);
        at = named.as_ref().map_or(text.len(), |named| named.span.end as usize);
        Some(named.map(Part::Named))
    })
}

/// Expands `text`; what nobody knows, or can't be written as it is asked for, is a problem.
///
/// Fractions of the only numbers there are, `%(process_num)f` and the like, Python would write;
/// here they are a problem.
///
/// # Errors
///
/// The first problem, with its place in `text`.
pub fn expand<'v>(text: &str, mut lookup: impl FnMut(&str) -> Option<Value<'v>>) -> Result<String, Problem> {
    let mut out = String::with_capacity(text.len());
    for part in parts(text) {
        match part? {
            Part::Plain(span) => out.push_str(&text[span]),
            Part::Percent(_) => out.push('%'),
            Part::Named(named) => {
                let unknown =
                    || Problem::refused(named.name_span, format!("nobody knows \"{}\" here", shown(named.name)));
                named.write(lookup(named.name).ok_or_else(unknown)?, &mut out)?;
            }
        }
    }
    Ok(out)
}

/// What the values of `directive` may name beside `ENV_…`, as [`Value::Number`] or not.
pub fn names(directive: &Directive) -> &'static [&'static str] {
    const PROCESS: &[&str] = &["here", "program_name", "host_node_name", "group_name", "process_num", "numprocs"];
    let name = directive.name;
    let of_process = matches!(name, "command" | "directory" | "environment" | "process_name")
        || name.starts_with("stdout_logfile")
        || name.starts_with("stderr_logfile")
        || name.ends_with("_syslog");
    match directive.group {
        Group::Program if of_process => PROCESS,
        Group::Program => &PROCESS[..4],
        Group::FcgiProgram if name == "socket" => &PROCESS[..2],
        Group::Include => &["here", "host_node_name"],
        Group::FcgiProgram | Group::Eventlistener | Group::Group | Group::Supervisord => &PROCESS[..1],
        Group::UnixHttpServer if name == "file" => &PROCESS[..1],
        Group::Supervisorctl if matches!(name, "serverurl" | "history_file") => &PROCESS[..1],
        _ => &[],
    }
}

/// Whether supervisor expands the values of `directive` and then what has come of it, so that a
/// `%` has to be written four times: `stdout_logfile`, `stderr_logfile` and the `environment`
/// of `[supervisord]`.
pub fn is_expanded_twice(directive: &Directive) -> bool {
    match directive.group {
        Group::Program => matches!(directive.name, "stdout_logfile" | "stderr_logfile"),
        group => group == Group::Supervisord && directive.name == "environment",
    }
}

impl<'t> Named<'t> {
    fn read(text: &'t str, start: usize) -> Result<Self, Problem> {
        let lone = |end: usize| {
            let end =
                text[start..].char_indices().map(|(at, _)| start + at).find(|at| *at >= end).unwrap_or(text.len());
            Problem::refused(Span::new(start, end), "a lone \"%\" can't be expanded; write \"%%\" for one")
        };
        let Some(behind) = text[start + 1..].strip_prefix('(') else { return Err(lone(start + 1).or("%%", false)) };
        let name_start = start + 2;
        let mut depth = 1;
        let close = behind.bytes().position(|byte| {
            depth += i32::from(byte == b'(') - i32::from(byte == b')');
            depth == 0
        });
        let Some(close) = close else {
            let message = "the \")\" behind the name is missing";
            return Err(Problem::refused(Span::new(start, text.len()), message));
        };
        let name = &behind[..close];
        let name_span = Span::new(name_start, name_start + close);
        let tail = &behind[close + 1..];
        let (format, length) = Format::read(tail);
        let end = name_span.end as usize + 1 + length;
        let span = Span::new(start, end);
        let format = format.ok_or_else(|| {
            let message = format!("what to make of \"{}\" is missing: write \"%({name})s\"", shown(name));
            Problem::refused(span, message).or(format!("%({name})s"), false)
        })?;
        Ok(Named { span, name, name_span, format })
    }

    /// Writes what it stands for as it is asked for.
    pub(super) fn write(&self, value: Value, out: &mut String) -> Result<(), Problem> {
        let Format { conversion, precision, .. } = self.format;
        let refused = |message: String| Err(Problem::refused(self.span, message));
        let text = match (conversion, value) {
            ('d' | 'i' | 'u' | 'x' | 'X' | 'o', Value::Number(number)) => {
                self.format.pad_number(number, out);
                return Ok(());
            }
            ('s', Value::Text(text)) => text.to_owned(),
            ('r' | 'a', Value::Text(text)) => repr(text, conversion == 'a'),
            ('s' | 'r' | 'a', Value::Number(number)) => number.to_string(),
            ('c', Value::Text(text)) if text.chars().count() == 1 => text.to_owned(),
            ('c', Value::Number(number))
                if u32::try_from(number).is_ok_and(|number| char::from_u32(number).is_some()) =>
            {
                u32::try_from(number).ok().and_then(char::from_u32).into_iter().collect()
            }
            ('d' | 'i' | 'u' | 'x' | 'X' | 'o' | 'e' | 'E' | 'f' | 'F' | 'g' | 'G', Value::Text(_)) => {
                return refused(format!("\"{0}\" is a text and no number; write \"%({0})s\"", self.name));
            }
            _ => return refused(format!("\"{conversion}\" is no way to write \"{}\"", self.name)),
        };
        let most = precision.filter(|_| conversion != 'c').unwrap_or(usize::MAX);
        self.format.pad("", &text.chars().take(most).collect::<String>(), ' ', out);
        Ok(())
    }
}

/// `repr(text)`, or `ascii(text)`.
fn repr(text: &str, ascii: bool) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::from(quote);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == quote => out.extend(['\\', c]),
            c if !c.is_control() && (c.is_ascii() || !ascii) => out.push(c),
            c => match u32::from(c) {
                code @ ..=0xff => out.push_str(&format!("\\x{code:02x}")),
                code @ ..=0xffff => out.push_str(&format!("\\u{code:04x}")),
                code => out.push_str(&format!("\\U{code:08x}")),
            },
        }
    }
    out.push(quote);
    out
}

impl Format {
    /// What stands behind the name, and how long it is; `None` if it is no format.
    fn read(text: &str) -> (Option<Self>, usize) {
        let flags = text.len() - text.trim_start_matches(['-', '+', ' ', '#', '0']).len();
        let has = |flag: char| text[..flags].contains(flag);
        let number = |text: &str| {
            let length = text.bytes().take_while(u8::is_ascii_digit).count();
            (text[..length].parse::<usize>().unwrap_or(if length == 0 { 0 } else { MOST }).min(MOST), length)
        };
        let (width, length) = number(&text[flags..]);
        let mut at = flags + length;
        let mut precision = None;
        if let Some(behind) = text[at..].strip_prefix('.') {
            let (most, length) = number(behind);
            precision = Some(most);
            at += 1 + length;
        }
        at += text[at..].bytes().next().filter(|byte| matches!(byte, b'h' | b'l' | b'L')).map_or(0, |_| 1);
        let conversion = text[at..].chars().next().filter(|c| "diouxXeEfFgGcrsa".contains(*c));
        let format = conversion.map(|conversion| Format {
            left: has('-'),
            plus: has('+'),
            blank: has(' '),
            alternate: has('#'),
            zero: has('0'),
            width,
            precision,
            conversion,
        });
        (format, at + usize::from(format.is_some()))
    }

    fn pad_number(&self, number: i64, out: &mut String) {
        let magnitude = number.unsigned_abs();
        let (prefix, digits) = match self.conversion {
            'x' => ("0x", format!("{magnitude:x}")),
            'X' => ("0X", format!("{magnitude:X}")),
            'o' => ("0o", format!("{magnitude:o}")),
            _ => ("", magnitude.to_string()),
        };
        let sign = match () {
            () if number < 0 => "-",
            () if self.plus => "+",
            () if self.blank => " ",
            () => "",
        };
        let prefix = if self.alternate { prefix } else { "" };
        let digits = format!("{digits:0>least$}", least = self.precision.unwrap_or(0));
        self.pad(&format!("{sign}{prefix}"), &digits, if self.zero { '0' } else { ' ' }, out);
    }

    /// Writes `head` and `text` in a field of the width; zeros go in between.
    fn pad(&self, head: &str, text: &str, fill: char, out: &mut String) {
        let missing = self.width.saturating_sub(head.len() + text.chars().count());
        let padding = |fill: char| std::iter::repeat_n(fill, missing).collect::<String>();
        out.push_str(&match (self.left, fill) {
            (true, _) => format!("{head}{text}{}", padding(' ')),
            (false, '0') => format!("{head}{}{text}", padding('0')),
            (false, _) => format!("{}{head}{text}", padding(' ')),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_python_does() {
        let lookup = |name: &str| match name {
            "here" => Some(Value::Text("/etc")),
            "process_num" => Some(Value::Number(7)),
            _ => None,
        };
        for (text, expected) in [
            ("a%(here)s/b", Ok("a/etc/b")),
            ("%(process_num)02d-%(process_num)d", Ok("07-7")),
            ("100%%", Ok("100%")),
            ("%(process_num)+5d|%(process_num)-3d|%(process_num)#x", Ok("   +7|7  |0x7")),
            ("%(process_num)05.3d", Ok("00007")),
            ("%(here)6.2s|", Ok("    /e|")),
            ("%(here)r", Ok("'/etc'")),
            ("100%", Err("3-4 a lone \"%\" can't be expanded; write \"%%\" for one")),
            ("%d", Err("0-1 a lone \"%\" can't be expanded; write \"%%\" for one")),
            ("%(here", Err("0-6 the \")\" behind the name is missing")),
            ("%(here)", Err("0-7 what to make of \"here\" is missing: write \"%(here)s\"")),
            ("%(here)/a", Err("0-7 what to make of \"here\" is missing: write \"%(here)s\"")),
            ("%(here)d", Err("0-8 \"here\" is a text and no number; write \"%(here)s\"")),
            ("x%(nobody)s", Err("3-9 nobody knows \"nobody\" here")),
        ] {
            let found = expand(text, lookup);
            let found =
                found.map_err(|problem| format!("{}-{} {}", problem.span.start, problem.span.end, problem.message));
            assert_eq!(found.as_deref().map_err(|message| &**message), expected, "{text}");
        }
    }
}
