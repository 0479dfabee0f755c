//! Disk images: mounts, options of their partitions, policies, root hashes.

use super::path::{self, Want};
use super::specifier::{self, Place};
use super::words::{Style, Word, Words};
use super::{Context, Problem, base64, member, shown, whole};
use crate::schema::{Version, sets};
use crate::text::Span;

/// An image that is mounted or extends another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// `-`: it may be missing.
    pub optional: bool,
    /// Its path, specifiers not resolved.
    pub source: String,
    /// Where it is mounted; `None` for an extension.
    pub destination: Option<String>,
    /// Options of its partitions.
    pub options: Vec<PartitionOptions>,
}

/// The mount options of one partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartitionOptions {
    /// The partition; `root` where none is named.
    pub partition: String,
    /// The options, specifiers not resolved.
    pub options: String,
}

/// The value of `MountImages=`.
pub fn parse_mounts(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Vec<Image> {
    images(text, true, context, problems)
}

/// The value of `ExtensionImages=`.
pub fn parse_extensions(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Vec<Image> {
    images(text, false, context, problems)
}

/// The value of `RootImageOptions=` (`config_parse_root_image_options`).
pub fn parse_options(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Vec<PartitionOptions> {
    let mut options = Vec::new();
    let mut tuples = Words::new(text, Style::TUPLES);
    while let Some(tuple) = tuples.next_word(problems) {
        let mut parts = Words::inside(&tuple, Style::TUPLE);
        let Some(first) = parts.next_word(problems) else { continue };
        let second = parts.next_word(problems);
        if let Some(rest) = parts.remainder() {
            problems.push(Problem::refused(rest.span, "only a partition and its options can stand here"));
            break;
        }
        options.extend(partition(first, second, context, problems));
    }
    options
}

/// The value of `RootHash=`: a path, or the hash in hexadecimal digits.
pub fn parse_root_hash<'t>(text: &'t str, problems: &mut Vec<Problem>) -> Option<&'t str> {
    if path::is_absolute(text) {
        return Some(text);
    }
    let problem = match base64::hex_length(text) {
        Ok(16..) => return Some(text),
        Ok(length) => Problem::refused(whole(text), format!("a root hash has at least 16 bytes, this one {length}")),
        Err(problem) => problem,
    };
    problems.push(problem);
    None
}

/// The value of `RootHashSignature=`: a path, or `base64:` and the signature.
pub fn parse_signature<'t>(text: &'t str, problems: &mut Vec<Problem>) -> Option<&'t str> {
    const PREFIX: &str = "base64:";
    if path::is_absolute(text) {
        return Some(text);
    }
    let problem = if text.starts_with(PREFIX) {
        base64::check(text, PREFIX.len()).err()
    } else {
        Some(Problem::refused(whole(text), "a signature is an absolute path, or \"base64:\" and data"))
    };
    match problem {
        Some(problem) => {
            problems.push(problem);
            None
        }
        None => Some(text),
    }
}

/// The value of `RootImagePolicy=` and its like (`image_policy_from_string`
/// of `src/shared/image-policy.c`).
pub fn parse_policy<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Option<&'t str> {
    if matches!(text, "-" | "*" | "~") {
        return Some(text);
    }
    let mut seen: Vec<&str> = Vec::new();
    let mut at = 0;
    for rule in text.split(':') {
        let span = Span::new(at, at + rule.len());
        at += rule.len() + 1;
        let Some((partition, flags)) = rule.split_once('=') else {
            let message = format!("a rule of an image policy is PARTITION=FLAG+FLAG, not \"{}\"", shown(rule));
            problems.push(Problem::refused(span, message));
            return None;
        };
        let partition = partition.trim();
        if seen.contains(&partition) {
            problems.push(Problem::refused(span, format!("the partition \"{partition}\" is there twice")));
            return None;
        }
        seen.push(partition);
        let partition = Some(partition).filter(|partition| !partition.is_empty());
        let unknown =
            partition.and_then(|word| member::find(word, Span::of(word, text), &sets::PARTITION, context).err());
        let flags = Some(flags.trim()).filter(|flags| !matches!(*flags, "" | "-"));
        let flags = flags.into_iter().flat_map(|flags| flags.split('+')).map(str::trim);
        let unknown = unknown.into_iter().chain(
            flags.filter_map(|flag| member::find(flag, Span::of(flag, text), &sets::IMAGE_POLICY_FLAG, context).err()),
        );
        // Since 260, what isn't known is passed over.
        let graceful = context.version >= Version(260);
        for problem in unknown {
            let kind = if graceful { super::ProblemKind::Doubtful } else { problem.kind };
            problems.push(Problem { kind, ..problem });
            if !graceful {
                return None;
            }
        }
    }
    Some(text)
}

fn images(text: &str, mount: bool, context: &Context, problems: &mut Vec<Problem>) -> Vec<Image> {
    let mut images = Vec::new();
    let mut tuples = Words::new(text, Style::TUPLES);
    while let Some(tuple) = tuples.next_word(problems) {
        let mut parts = Words::inside(&tuple, Style::TUPLE);
        match image(&tuple, &mut parts, mount, context, problems) {
            Ok(image) => images.extend(image),
            Err(problem) => {
                problems.push(problem);
                break;
            }
        }
    }
    images
}

/// One image; an error ends the whole list.
fn image(
    tuple: &Word,
    parts: &mut Words,
    mount: bool,
    context: &Context,
    problems: &mut Vec<Problem>,
) -> Result<Option<Image>, Problem> {
    let Some(source) = parts.next().transpose()? else { return Ok(None) };
    let destination = if mount { parts.next().transpose()? } else { None };
    let optional = source.text.starts_with('-');
    let want = if mount { Want::OutsideApiButDev } else { Want::OutsideApi };
    let source = source.into_tail(usize::from(optional));
    if path::resolve(&source, want, context, problems).is_none() {
        return Ok(None);
    }
    match &destination {
        Some(destination) if path::resolve(destination, want, context, problems).is_none() => return Ok(None),
        None if mount => {
            problems.push(Problem::refused(tuple.span, "the place to mount the image at is missing"));
            return Ok(None);
        }
        _ => {}
    }
    let mut options = Vec::new();
    while let Some(first) = parts.next().transpose()? {
        let second = parts.next().transpose()?;
        options.extend(partition(first, second, context, problems));
    }
    Ok(Some(Image {
        optional,
        source: source.text.into_owned(),
        destination: destination.map(|destination| destination.text.into_owned()),
        options,
    }))
}

/// A partition and its options, or the options of `root` alone.
fn partition(
    first: Word,
    second: Option<Word>,
    context: &Context,
    problems: &mut Vec<Problem>,
) -> Option<PartitionOptions> {
    let (partition, options) = match second {
        Some(options) => {
            let known = member::find(&first.text, first.span, &sets::PARTITION, context);
            known.map_err(|problem| problems.push(problem)).ok()?;
            (first.text.into_owned(), options)
        }
        None => ("root".to_owned(), first),
    };
    specifier::resolve(&options, Place::TEXT, context, problems, |_| Ok(()))?;
    Some(PartitionOptions { partition, options: options.text.into_owned() })
}

#[cfg(test)]
mod tests {
    use crate::values::testing::check;

    #[test]
    fn images_are_judged() {
        for (directive, version, text, expected) in [
            ("MountImages", 262, "/a.raw:/b -/c.raw:/d:root:ro:usr:noatime", ""),
            ("MountImages", 262, "/a.raw", "refused 0-6 the place to mount the image at is missing"),
            ("MountImages", 262, "/a.raw:/b:x:ro", "refused 10-11 there is no partition \"x\""),
            ("MountImages", 262, "/a.raw:/proc/x", "refused 7-14 nothing below \"/proc\" can be used here"),
            ("MountImages", 252, "/a.raw:/proc/x", ""),
            ("ExtensionImages", 262, "/a.raw -/b.raw:ro", ""),
            ("ExtensionImages", 262, "a.raw", "refused 0-5 \"a.raw\" is not an absolute path"),
            ("RootImageOptions", 262, "root:ro,dev nosuid", ""),
            ("RootImageOptions", 262, "rot:ro", "refused 0-3 there is no partition \"rot\" (perhaps: root)"),
            ("RootImageOptions", 262, "root:ro:x", "refused 8-9 only a partition and its options can stand here"),
            ("RootHash", 262, "0123456789abcdef0123456789abcdef", ""),
            ("RootHash", 262, "0123", "refused 0-4 a root hash has at least 16 bytes, this one 2"),
            ("RootHash", 262, "xyz", "refused 0-1 'x' is no hexadecimal digit"),
            ("RootHashSignature", 262, "base64:AAAA", ""),
            ("RootHashSignature", 262, "AAAA", "refused 0-4 a signature is an absolute path, or \"base64:\" and data"),
            ("RootImagePolicy", 262, "root=verity+signed:usr=absent:=unused", ""),
            ("RootImagePolicy", 262, "root=verity:root=signed", "refused 12-23 the partition \"root\" is there twice"),
            (
                "RootImagePolicy",
                262,
                "root",
                "refused 0-4 a rule of an image policy is PARTITION=FLAG+FLAG, not \"root\"",
            ),
            (
                "RootImagePolicy",
                254,
                "root=verty",
                "refused 5-10 there is no image policy flag \"verty\" (perhaps: verity)",
            ),
            (
                "RootImagePolicy",
                262,
                "root=verty",
                "doubtful 5-10 there is no image policy flag \"verty\" (perhaps: verity)",
            ),
        ] {
            assert_eq!(check(directive, version, "a.service", text), expected, "{directive}={text}");
        }
    }
}
