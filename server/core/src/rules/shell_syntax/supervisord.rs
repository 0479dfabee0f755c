use super::Syntax;
use crate::values::exec::Command;
use crate::values::words::Word;

/// What a word of `value` would be to a shell, that systemd has a meaning for and supervisord has not.
pub(super) fn syntax(words: &[Word], at: usize, value: &str) -> Option<Syntax> {
    let word = &value[words[at].span];
    if word.starts_with("~/") {
        return Some(Syntax::Home);
    }
    if word.len() > 1 && word.ends_with(';') && !word.contains(['"', '\'', '\\']) {
        return Some(Syntax::Separator);
    }
    (!word.contains('\'') && variable(word).is_some()).then_some(Syntax::Variable)
}

/// The first `$NAME` in capital letters or `${NAME}`, and what it is called.
pub(in super::super) fn variable(text: &str) -> Option<(&str, &str)> {
    text.match_indices('$').find_map(|(at, _)| {
        let rest = &text[at + 1..];
        let name = rest.strip_prefix('{').unwrap_or(rest);
        let length = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(name.len());
        let braces = name.len() < rest.len();
        let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        let known = match braces {
            true => name[length..].starts_with('}'),
            false => !name[..length].contains(|c: char| c.is_ascii_lowercase()),
        };
        let whole = 1 + length + 2 * usize::from(braces);
        (starts && known && !text[..at].ends_with(['\\', '$'])).then(|| (&text[at..at + whole], &name[..length]))
    })
}

/// The whole `value`, whose words `kind` tells the meaning of, run by a shell; `None` where the
/// program would go into the background.
pub(super) fn script(value: &str, command: &Command, kind: impl Fn(usize) -> Option<Syntax>) -> Option<String> {
    let kinds: Vec<_> = (0..command.args.len()).map(kind).collect();
    if kinds.contains(&Some(Syntax::Background)) {
        return None;
    }
    let ends = |at: &usize| {
        let ends = matches!(&value[command.args[*at].span], "&&") || kinds[*at] == Some(Syntax::Separator);
        ends && at + 1 < command.args.len()
    };
    // The last program takes the place of the shell, so that it gets the stop signal.
    let piped = kinds.contains(&Some(Syntax::Pipe)) || command.args.iter().any(|word| &value[word.span] == "||");
    let last = (0..command.args.len()).rev().find(ends);
    let (start, program) = match last {
        Some(at) => command.args.get(at + 1).map(|word| (word.span.start as usize, &*word.text))?,
        None => (command.program.span.start as usize, &*command.program.text),
    };
    let exec = if piped || super::shell_builtin::is_builtin(program) || program.contains('=') { "" } else { "exec " };
    let text = format!("{}{exec}{}", &value[..start], &value[start..]).replace('\n', " ");
    let bash = ["[[", "<(", ">(", "&>", "|&", "source "].iter().any(|sign| text.contains(sign));
    Some(format!("/bin/{} -c {}", if bash { "bash" } else { "sh" }, quoted(&text)))
}

/// `text` as one word of a command of supervisord.conf.
fn quoted(text: &str) -> String {
    match text.contains('\'') {
        false => format!("'{text}'"),
        true => format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
    }
}
