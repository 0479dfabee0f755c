use crate::text::Span;

/// `%(name)s`, or `%%`, in a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::features) struct Used<'t> {
    /// All of it, in the text of the value.
    pub(in crate::features) span: Span,
    /// What stands between the parentheses; `None` of `%%`.
    pub(in crate::features) name: Option<&'t str>,
}

/// What is expanded in `text`, in order; what supervisor couldn't is passed over.
pub(in crate::features) fn used(text: &str) -> impl Iterator<Item = Used<'_>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let start = from + memchr::memchr(b'%', text.as_bytes().get(from..)?)?;
            let rest = &text[start + 1..];
            if rest.starts_with('%') {
                from = start + 2;
                return Some(Used { span: Span::new(start, from), name: None });
            }
            from = start + 1;
            let Some((name, tail)) = rest.strip_prefix('(').and_then(|rest| rest.split_once(')')) else { continue };
            let flags = tail.len()
                - tail
                    .trim_start_matches(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '-', '+', ' ', '#', '.'])
                    .len();
            if tail.as_bytes().get(flags).is_some_and(u8::is_ascii_alphabetic) {
                from = start + 1 + 1 + name.len() + 1 + flags + 1;
                return Some(Used { span: Span::new(start, from), name: Some(name) });
            }
        }
    })
}

/// What the name of an expansion stands for, in a few words.
pub(in crate::features) fn meaning(name: &str) -> Option<&'static str> {
    Some(match name {
        "here" => "the directory of the configuration file",
        "host_node_name" => "the name of the host",
        "program_name" => "the name of the program, as the header of its section has it",
        "group_name" => "the name of the group that the process is in: that of the program unless a `[group:…]` has it",
        "process_num" => "the number of the process: from `numprocs_start=` on, one for each of `numprocs=`",
        "numprocs" => "how many processes the program has",
        _ if name.starts_with("ENV_") => "a variable of the environment that supervisord itself was started with",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expansions_are_found() {
        let text = "a %% %(b)s %(c)02d % %(d %(ä)-3s%(e)";
        let found: Vec<_> = used(text).map(|one| (&text[one.span], one.name)).collect();
        let expected = [("%%", None), ("%(b)s", Some("b")), ("%(c)02d", Some("c")), ("%(d %(ä)-3s", Some("d %(ä"))];
        assert_eq!(found, expected);
    }
}
