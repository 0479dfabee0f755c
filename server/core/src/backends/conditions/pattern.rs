//! Patterns of systemd as patterns of the shell.

use crate::plan::Bytes;

/// The patterns that `{a,b}` in `pattern` stands for, without braces (`GLOB_BRACE` of `glob(3)`).
pub(super) fn without_braces(pattern: &[u8]) -> Vec<Bytes> {
    let Some((start, end)) = braces(pattern) else { return vec![pattern.to_vec()] };
    let (before, after) = (&pattern[..start], &pattern[end + 1..]);
    let mut all = Vec::new();
    for choice in choices(&pattern[start + 1..end]) {
        all.extend(without_braces(&[before, choice, after].concat()));
    }
    all
}

/// Writes `pattern` bare, so that the shell takes its wildcards as such and all else as it stands.
///
/// `[^…]` becomes `[!…]`, which every shell reads alike.
pub(super) fn bare(pattern: &[u8]) -> Bytes {
    let mut out = Bytes::new();
    let mut bytes = pattern.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'*' | b'?' | b']' | b'-' => out.push(byte),
            b'[' => {
                out.push(byte);
                if bytes.next_if(|byte| b"!^".contains(byte)).is_some() {
                    out.push(b'!');
                }
            }
            b'\\' => match bytes.next() {
                Some(byte) => literal(byte, &mut out),
                None => literal(byte, &mut out),
            },
            byte => literal(byte, &mut out),
        }
    }
    out
}

/// Writes a byte that stands for itself.
fn literal(byte: u8, out: &mut Bytes) {
    match byte {
        b'\'' => out.extend_from_slice(b"\\'"),
        byte if byte.is_ascii_alphanumeric() || b"%+,-./:=@_".contains(&byte) || !byte.is_ascii() => out.push(byte),
        byte => out.extend([b'\'', byte, b'\'']),
    }
}

/// Where the first pair of braces with a comma in it opens and closes.
fn braces(pattern: &[u8]) -> Option<(usize, usize)> {
    let mut depth = 0;
    let mut start = None;
    let mut skip = false;
    for (at, byte) in pattern.iter().enumerate() {
        match byte {
            _ if skip => skip = false,
            b'\\' => skip = true,
            b'{' => {
                depth += 1;
                start.get_or_insert(at);
            }
            b'}' if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    return Some((start?, at));
                }
            }
            _ => {}
        }
    }
    None
}

/// What the commas of the outermost level separate.
fn choices(inner: &[u8]) -> Vec<&[u8]> {
    let mut all = Vec::new();
    let (mut depth, mut from) = (0, 0);
    for (at, byte) in inner.iter().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            b',' if depth == 0 => {
                all.push(&inner[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    all.push(&inner[from..]);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_are_spelt_out() {
        for (pattern, all) in [
            ("/a", "/a"),
            ("/{a,b}", "/a /b"),
            ("/{a,b{c,d}}/e", "/a/e /bc/e /bd/e"),
            ("/{a", "/{a"),
            ("/a}{b,}", "/a}b /a}"),
        ] {
            let found: Vec<_> = without_braces(pattern.as_bytes());
            let found: Vec<_> = found.iter().map(|pattern| String::from_utf8_lossy(pattern)).collect();
            assert_eq!(found.join(" "), all);
        }
    }

    #[test]
    fn wildcards_stay_and_all_else_is_quoted() {
        for (pattern, written) in [
            ("/etc/*.conf", "/etc/*.conf"),
            ("/a b/[^x-z]?", "/a' 'b/[!x-z]?"),
            (r"/a\*$(id)'", r"/a'*''$''('id')'\'"),
            ("/a\nb", "/a'\n'b"),
            (r"/\", r"/'\'"),
        ] {
            assert_eq!(String::from_utf8_lossy(&bare(pattern.as_bytes())), written);
        }
    }
}
