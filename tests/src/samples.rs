//! Values to try: what people write, and what becomes of that by slips of the hand.

use std::fs;
use std::path::Path;

use svlsp_core::values::ValueType;

use crate::random::Random;

/// What a value type is called in the names of seed files and in reports:
/// `time-span`, `set-kill-mode`.
pub fn type_name(value: ValueType) -> String {
    match value {
        ValueType::Set(set) => format!("set-{}", set.name),
        ValueType::BpfDelegate(set) => format!("bpf-delegate-{}", set.name),
        other => kebab(&format!("{other:?}")),
    }
}

/// The seeds of a value type: its file, the words of its set, and what is tried on every type.
pub fn seeds(value: ValueType) -> Vec<String> {
    let mut seeds = seed_file(&type_name(value));
    if let ValueType::Set(set) | ValueType::BpfDelegate(set) = value {
        seeds.extend(set.words.iter().map(|word| word.text.to_owned()));
    }
    seeds.extend(seed_file("any"));
    seeds
}

/// One of `seeds` with one to three slips in it; never of more than one line.
pub fn mutated(seeds: &[String], random: &mut Random) -> String {
    let mut text: Vec<char> = random.of(seeds).chars().collect();
    for _ in 0..=random.below(3) {
        slip(&mut text, seeds, random);
    }
    text.into_iter().filter(|c| !matches!(c, '\n' | '\r' | '\0')).collect()
}

const UNITS: &[&str] =
    &["s", "ms", "us", "min", "h", " day", "w", "month", "y", "K", "M", "G", "T", "E", "B", "%", "‰", "‱", "x", "0"];
const MARKS: &[char] = &[
    ' ', '\t', '"', '\'', '\\', '%', '$', '/', '-', '+', '!', '@', ':', ';', '~', '.', ',', '=', '*', '#', '|', '(',
    '_', '0', '1', '9', 'a', 'x', 'i', 'é', '\u{a0}', '\x01',
];
const JOINTS: &[&str] = &[" ", ",", ":", "/", ";", " ; ", "-", "..", "=", "  ", "\t", "~", "|"];
const SPECIFIERS: &[&str] = &["%i", "%n", "%%", "%t", "%h", "%", "%z", "%1", "%I", "%p", "%N", "%u", "%f", "%j"];

fn slip(text: &mut Vec<char>, seeds: &[String], random: &mut Random) {
    let at = random.below(text.len());
    let append = |text: &mut Vec<char>, more: &str| text.extend(more.chars());
    match random.below(16) {
        0 if !text.is_empty() => drop(text.remove(at)),
        1 if !text.is_empty() => text.insert(at, text[at]),
        2 if text.len() > 1 => {
            let at = at.min(text.len() - 2);
            text.swap(at, at + 1);
        }
        3 => append(text, random.of::<&str>(UNITS)),
        4 => append(text, "99999999999999999999"),
        5 | 6 => {
            let (joint, other) = (random.of(JOINTS), random.of(seeds));
            append(text, joint);
            append(text, other);
        }
        7 | 8 => text.insert(at, *random.of(MARKS)),
        9 => text.push(*random.of(MARKS)),
        10 => text.insert(0, *random.of(MARKS)),
        11 if !text.is_empty() => {
            let c = text[at];
            text[at] = if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
        }
        12 => {
            let quote = *random.of(&['"', '\'']);
            text.insert(0, quote);
            text.push(quote);
        }
        13 => text.truncate(at),
        14 => {
            let specifier: Vec<char> = random.of(SPECIFIERS).chars().collect();
            text.splice(at..at, specifier);
        }
        _ => {
            if let Some(digit) = text.iter().position(char::is_ascii_digit) {
                text[digit] = *random.of(&['0', '1', '2', '5', '6', '9', '-', '.']);
            }
        }
    }
}

/// The lines of a seed file, comments and blank lines left out; none if there is no such file.
pub fn seed_file(name: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("differential/seeds").join(name).with_extension("txt");
    let text = fs::read_to_string(path).unwrap_or_default();
    text.lines().filter(|line| !line.is_empty() && !line.starts_with("# ")).map(str::to_owned).collect()
}

fn kebab(name: &str) -> String {
    let mut kebab = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !kebab.is_empty() {
            kebab.push('-');
        }
        kebab.push(c.to_ascii_lowercase());
    }
    kebab
}
