//! Sets of namespaces: `RestrictNamespaces=`, `DelegateNamespaces=`
//! (`config_parse_namespace_flags`).

use super::words::{Style, Word, Words};
use super::{Context, Problem, boolean, member};
use crate::schema::sets;

/// What namespaces are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Namespaces<'t> {
    /// A boolean: all of them or none.
    All(bool),
    /// These.
    Listed {
        /// `~`: all but these.
        inverted: bool,
        /// Their names.
        words: Vec<Word<'t>>,
    },
}

/// Reads a set of namespaces; an unknown one makes systemd drop the line.
pub fn parse<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Option<Namespaces<'t>> {
    if let Some(all) = boolean::read(text) {
        return Some(Namespaces::All(all));
    }
    let inverted = text.starts_with('~');
    let delegate = context.directive.name == "DelegateNamespaces";
    let mut words = Vec::new();
    for word in Words::behind(text, usize::from(inverted), Style::BARE) {
        let read = word.and_then(|word| {
            member::find(&word.text, word.span, &sets::NAMESPACE, context)?;
            if delegate && !inverted && word.text == "user" {
                return Err(Problem::refused(word.span, "the user namespace can't be delegated"));
            }
            Ok(word)
        });
        match read {
            Ok(word) => words.push(word),
            Err(problem) => {
                problems.push(problem);
                return None;
            }
        }
    }
    Some(Namespaces::Listed { inverted, words })
}

#[cfg(test)]
mod tests {
    use crate::values::testing::check;

    #[test]
    fn names_and_booleans() {
        for (directive, text, expected) in [
            ("RestrictNamespaces", "yes", ""),
            ("RestrictNamespaces", "~user net", ""),
            ("RestrictNamespaces", "network", "refused 0-7 there is no namespace \"network\""),
            ("RestrictNamespaces", "~user ~net", "refused 6-10 there is no namespace \"~net\" (perhaps: net)"),
            ("DelegateNamespaces", "user", "refused 0-4 the user namespace can't be delegated"),
        ] {
            assert_eq!(check(directive, 262, "a.service", text), expected, "{directive}={text}");
        }
    }
}
