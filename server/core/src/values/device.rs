//! `DeviceAllow=` (`config_parse_device_allow`).

use super::path::{self, Want};
use super::specifier::{self, Place};
use super::words::{Style, Word, Words};
use super::{Context, Problem, shown, whole};

/// A device and what may be done with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceAllow<'t> {
    /// A device node, or `block-` or `char-` and a group of devices.
    pub device: Word<'t>,
    /// Of the letters `r`, `w` and `m`.
    pub access: &'t str,
}

/// Reads a device with its permissions.
pub fn parse<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Option<DeviceAllow<'t>> {
    let mut words = Words::new(text, Style::QUOTED);
    let device = words.next_word(problems)?;
    specifier::resolve(&device, Place::PATH, context, problems, |text| {
        if text.starts_with("block-") || text.starts_with("char-") {
            return Ok(());
        }
        path::check(text, Want::Any, context.version)?;
        if ["/dev", "/run/systemd/inaccessible"].iter().any(|base| path::is_below(text, base)) {
            return Ok(());
        }
        let message = format!(
            "\"{}\" is neither a device node below \"/dev\" nor a group of devices such as \"char-pts\"",
            shown(text)
        );
        Err(Problem::refused(whole(text), message))
    })?;
    let access = words.rest();
    if access.bytes().all(|byte| b"rwm".contains(&byte)) {
        return Some(DeviceAllow { device, access });
    }
    let message =
        format!("permissions are of the letters \"r\", \"w\" and \"m\", in one word, not \"{}\"", shown(access));
    problems.push(Problem::refused(crate::text::Span::of(access, text), message));
    None
}

#[cfg(test)]
mod tests {
    use crate::values::testing::check;

    #[test]
    fn devices_and_permissions() {
        for (text, expected) in [
            ("/dev/null", ""),
            ("/dev/null rwm", ""),
            ("char-pts r", ""),
            (
                "/dev/null rx",
                "refused 10-12 permissions are of the letters \"r\", \"w\" and \"m\", in one word, not \"rx\"",
            ),
            ("/dev/../x", "refused 5-7 \"..\" is not allowed in this path"),
            (
                "null",
                "refused 0-4 \"null\" is neither a device node below \"/dev\" nor a group of devices such as \"char-pts\"",
            ),
        ] {
            assert_eq!(check("DeviceAllow", 262, "a.service", text), expected, "{text}");
        }
    }
}
