//! Control group controllers and what is done with them: `Delegate=`,
//! `DelegateSubgroup=`, `DisableControllers=` (`src/core/load-fragment.c`, `src/basic/cgroup-util.c`).

use super::list::{self, Item};
use super::words::{Style, Words};
use super::{Context, Problem, boolean, path, shown, whole};
use crate::schema::{Version, sets};

/// What a unit may do with its own part of the control group tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delegation {
    /// All of it, or nothing.
    Boolean(bool),
    /// These controllers.
    Controllers(Vec<Item<&'static str>>),
}

/// Reads what is delegated: a boolean, or controllers of which unknown ones are dropped.
pub fn parse_delegate(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Delegation {
    if let Some(value) = boolean::read(text) {
        return Delegation::Boolean(value);
    }
    let names = list::parse(Words::new(text, Style::QUOTED), problems, |word| {
        get(&word.text, context.version).ok_or_else(|| {
            let problem = context.takes("a boolean or names of controllers", &word.text, word.span);
            problem.or_nearest(&word.text, names(context.version))
        })
    });
    Delegation::Controllers(names)
}

/// Reads the controllers to switch off; systemd says nothing of unknown ones beside known ones.
pub fn parse_disabled(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Option<Vec<Item<&'static str>>> {
    let mut unknown = Vec::new();
    let mut known = Vec::new();
    for word in Words::new(text, Style::BARE) {
        match word {
            Ok(word) => match get(&word.text, context.version) {
                Some(value) => known.push(Item { value, span: word.span }),
                None => unknown.push(word),
            },
            Err(problem) => {
                problems.push(problem);
                return None;
            }
        }
    }
    for word in &unknown {
        let problem = match known.is_empty() {
            true => context.takes("names of controllers", &word.text, word.span),
            false => {
                let message = format!("\"{}\" is no controller, so it is passed over", shown(&word.text));
                Problem::doubtful(word.span, message)
            }
        };
        problems.push(problem.or_nearest(&word.text, names(context.version)));
    }
    (!known.is_empty()).then_some(known)
}

/// Reads the name of a control group below the unit's own.
pub fn parse_subgroup(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Option<String> {
    let taken =
        text.split_once('.').is_some_and(|(start, _)| start == "cgroup" || get(start, context.version).is_some())
            || matches!(text, "notify_on_release" | "release_agent" | "tasks");
    if !taken && path::is_file_name(text) && !text.starts_with(['_', '.']) {
        return Some(text.to_owned());
    }
    let expected = "a name that no control file has, without / and with neither _ nor . in front";
    problems.push(context.takes(expected, text, whole(text)));
    None
}

fn names(version: Version) -> impl Iterator<Item = &'static str> + Clone {
    sets::CONTROLLER.known_to(version).map(|word| word.text)
}

fn get(name: &str, version: Version) -> Option<&'static str> {
    sets::CONTROLLER.get(name).filter(|word| word.known_to(version)).map(|word| word.text)
}

#[cfg(test)]
mod tests {
    use crate::values::testing::check;

    #[test]
    fn controllers_and_names() {
        for (directive, text, expected) in [
            ("Delegate", "yes", ""),
            ("Delegate", "cpu memory", ""),
            (
                "Delegate",
                "cpu memry",
                "refused 4-9 Delegate= takes a boolean or names of controllers, not \"memry\" (perhaps: memory)",
            ),
            (
                "DisableControllers",
                "cpu memry",
                "doubtful 4-9 \"memry\" is no controller, so it is passed over (perhaps: memory)",
            ),
            (
                "DisableControllers",
                "memry",
                "refused 0-5 DisableControllers= takes names of controllers, not \"memry\" (perhaps: memory)",
            ),
            ("DelegateSubgroup", "supervisor", ""),
            (
                "DelegateSubgroup",
                "cpu.x",
                "refused 0-5 DelegateSubgroup= takes a name that no control file has, \
                 without / and with neither _ nor . in front, not \"cpu.x\"",
            ),
        ] {
            assert_eq!(check(directive, 262, "a.service", text), expected);
        }
    }
}
