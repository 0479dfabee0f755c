//! Whether a service may change the host name, and which one it sees:
//! a boolean, since 258 also `private` and a name behind a colon (`config_parse_protect_hostname`).

use super::specifier::{self, Place};
use super::words::{Style, Words};
use super::{Context, Problem, boolean, whole};
use crate::schema::Version;

/// What a service may do with the host name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProtectHostname {
    /// How far it is kept from it.
    pub mode: Mode,
    /// The name that it sees instead.
    pub name: Option<String>,
}

/// How far a service is kept from the host name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It may change it.
    No,
    /// It may not.
    Yes,
    /// It may change one of its own.
    Private,
}

/// The longest host name, in bytes (`LINUX_HOST_NAME_MAX`).
const MAX_NAME: usize = 64;

/// Reads a directive's mode and name.
pub fn parse(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Option<ProtectHostname> {
    if let Some(value) = boolean::read(text) {
        return Some(ProtectHostname { mode: if value { Mode::Yes } else { Mode::No }, name: None });
    }
    if context.version < Version(258) {
        boolean::parse(text, context, problems);
        return None;
    }
    let mut parts = Words::new(text, Style::COLONS);
    let mode = parts.next()?.ok().and_then(|word| match &*word.text {
        "private" => Some(Mode::Private),
        word => boolean::read(word).map(|value| if value { Mode::Yes } else { Mode::No }),
    });
    let Some(mode) = mode else {
        let problem = context.takes("a boolean or private, and perhaps a colon and a name", text, whole(text));
        problems.push(problem.or_nearest(text, ["private", "yes", "no"]));
        return None;
    };
    let Some(name) = parts.remainder().filter(|name| !name.text.is_empty()) else {
        return Some(ProtectHostname { mode, name: None });
    };
    if mode == Mode::No {
        problems.push(Problem::refused(name.span, "a host name needs yes or private in front"));
        return None;
    }
    let name = specifier::resolve(&name, Place::TEXT, context, problems, |name| match is_valid(name) {
        true => Ok(name.to_owned()),
        false => Err(context.takes("a host name behind the colon", name, whole(name))),
    })?;
    Some(ProtectHostname { mode, name: Some(name) })
}

/// Whether it is a host name (`hostname_is_valid`, `src/basic/hostname-util.c`).
fn is_valid(name: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    name.len() <= MAX_NAME && name.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use crate::values::testing::check;

    #[test]
    fn modes_and_names() {
        let old = "refused 0-7 ProtectHostname= takes a boolean (\"yes\" or \"no\"), not \"private\"";
        for (version, text, expected) in [
            (252, "yes", ""),
            (252, "private", old),
            (258, "private", ""),
            (258, "private:web-1.example", ""),
            (258, "yes:%p", ""),
            (258, "no:web", "refused 3-6 a host name needs yes or private in front"),
            (258, "yes:-web", "refused 4-8 ProtectHostname= takes a host name behind the colon, not \"-web\""),
            (
                258,
                "privat",
                "refused 0-6 ProtectHostname= takes a boolean or private, and perhaps a colon and a name, \
                 not \"privat\" (perhaps: private)",
            ),
        ] {
            assert_eq!(check("ProtectHostname", version, "a.service", text), expected);
        }
    }
}
