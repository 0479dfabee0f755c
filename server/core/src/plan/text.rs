//! Values as bytes, specifiers resolved.

use super::Facts;
use crate::units::{UnitName, unescape_path_to, unescape_to};

/// Text that reaches a process: any bytes but NUL.
pub type Bytes = Vec<u8>;

/// A specifier that only the target knows: `%H`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unknown(pub u8);

/// Resolves the specifiers of `text` for the unit `name` of the system's manager.
pub(super) fn expand(text: &[u8], name: &UnitName, facts: &Facts) -> Result<Bytes, Unknown> {
    let mut out = Bytes::with_capacity(text.len());
    let mut bytes = text.iter().copied();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        match bytes.next() {
            None | Some(b'%') => out.push(b'%'),
            Some(letter) if letter.is_ascii_alphanumeric() => {
                put(letter, name, facts, &mut out).ok_or(Unknown(letter))?
            }
            Some(letter) => out.extend([b'%', letter]),
        }
    }
    Ok(out)
}

/// Appends what `%letter` stands for (`src/core/unit-printf.c`, `src/shared/specifier.c`).
fn put(letter: u8, name: &UnitName, facts: &Facts, out: &mut Bytes) -> Option<()> {
    let prefix = name.prefix();
    let last = prefix.rsplit_once('-').map_or(prefix, |(_, last)| last);
    let instance = name.instance().unwrap_or_default();
    let fixed = match letter {
        b'i' => instance,
        b'j' => last,
        b'p' => prefix,
        b'N' => name.stem(),
        b'n' => name.as_str(),
        b'I' => return unescape_to(instance, out),
        b'J' => return unescape_to(last, out),
        b'P' => return unescape_to(prefix, out),
        b'f' => return unescape_path_to(name.instance().unwrap_or(prefix), out),
        b'd' => {
            out.extend_from_slice(b"/run/credentials/");
            name.as_str()
        }
        b'C' => "/var/cache",
        b'D' => "/usr/share",
        b'E' => "/etc",
        b'G' | b'U' => "0",
        b'L' => "/var/log",
        b'S' => "/var/lib",
        b'T' => "/tmp",
        b'V' => "/var/tmp",
        b'g' | b'u' => "root",
        b'h' => "/root",
        b's' => "/bin/sh",
        b't' => "/run",
        _ => facts.get(letter)?,
    };
    out.extend_from_slice(fixed.as_bytes());
    Some(())
}
