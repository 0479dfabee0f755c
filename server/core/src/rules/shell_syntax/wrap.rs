use super::Syntax;
use crate::values::exec::Command;

/// `command` of `value` in `/bin/sh -c '…'`, prefixes left out; `None` where a
/// word can't be written there without a change of meaning.
///
/// `syntax` says what the argument of a number is to the shell.
pub(super) fn script(value: &str, command: &Command, syntax: impl Fn(usize) -> Option<Syntax>) -> Option<String> {
    if command.prefixes.argv0 || command.prefixes.no_variables {
        return None;
    }
    let mut script = quoted(&command.program.text)?;
    let mut alone = true;
    for (at, word) in command.args.iter().enumerate() {
        script.push(' ');
        match syntax(at) {
            None => script.push_str(&quoted(&word.text)?),
            Some(Syntax::Background | Syntax::Substitution) => return None,
            Some(kind) => {
                let written = &value[word.span];
                if written.contains(['\'', '\\', '%', '$', '"']) {
                    return None;
                }
                alone &= matches!(kind, Syntax::Redirection | Syntax::Glob);
                script.push_str(written);
            }
        }
    }
    // The shell makes room for a program alone, so that the main process is the same.
    let exec = if alone { "exec " } else { "" };
    Some(format!("/bin/sh -c '{exec}{script}'"))
}

/// `word` as one word of a shell script that stands in single quotes in a command line.
fn quoted(word: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_./:=@,+-".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return Some(word.to_owned());
    }
    let fits = |c: char| c != '\'' && c != '\\' && c != '"' && c != '`' && c != '$' && c != '%' && !c.is_control();
    word.chars().all(fits).then(|| format!("\"{word}\""))
}
