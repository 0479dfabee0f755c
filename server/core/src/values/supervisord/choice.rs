//! Values that are one word of a few: booleans, `autorestart=`, `loglevel=`.

use crate::schema::sets;
use crate::values::{Context, Problem, whole};

/// When a program that has ended is started again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Autorestart {
    /// Always.
    Always,
    /// Never.
    Never,
    /// When its exit code isn't among `exitcodes=`, or a signal killed it.
    Unexpected,
}

/// How much is logged, from the least to the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum LogLevel {
    Critical,
    Error,
    Warn,
    Info,
    Debug,
    Trace,
    Blather,
}

const YES: [&str; 4] = ["yes", "true", "on", "1"];
const NO: [&str; 4] = ["no", "false", "off", "0"];
const LEVELS: [(&str, LogLevel); 7] = [
    ("critical", LogLevel::Critical),
    ("error", LogLevel::Error),
    ("warn", LogLevel::Warn),
    ("info", LogLevel::Info),
    ("debug", LogLevel::Debug),
    ("trace", LogLevel::Trace),
    ("blather", LogLevel::Blather),
];

/// `yes`, `true`, `on`, `1`, `no`, `false`, `off`, `0` in any letter case (`boolean`).
pub fn parse_boolean(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Option<bool> {
    let words = ["true", "false", "yes", "no", "on", "off"];
    one_of(boolean(text), "a boolean (\"true\" or \"false\")", &words, text, context, problems)
}

/// A boolean or `unexpected` in any letter case (`auto_restart`).
pub fn parse_autorestart(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Option<Autorestart> {
    let value = match boolean(text) {
        Some(true) => Some(Autorestart::Always),
        Some(false) => Some(Autorestart::Never),
        None => is(text, "unexpected").then_some(Autorestart::Unexpected),
    };
    let words = ["true", "false", "unexpected"];
    one_of(value, "\"true\", \"false\" or \"unexpected\"", &words, text, context, problems)
}

/// A level in any letter case (`logging_level`).
pub fn parse_log_level(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Option<LogLevel> {
    let value = LEVELS.iter().find(|(word, _)| is(text, word)).map(|(_, level)| *level);
    let words = sets::SUPERVISORD_LOG_LEVEL.words.iter().map(|word| word.text).collect::<Vec<_>>();
    one_of(value, "a level such as \"info\" or \"debug\"", &words, text, context, problems)
}

/// Reads a boolean.
pub fn boolean(text: &str) -> Option<bool> {
    let among = |words: &[&str]| words.iter().any(|word| is(text, word));
    if among(&YES) { Some(true) } else { among(&NO).then_some(false) }
}

fn is(text: &str, word: &str) -> bool {
    text.eq_ignore_ascii_case(word)
}

fn one_of<T>(
    value: Option<T>,
    expected: &str,
    words: &[&str],
    text: &str,
    context: &Context,
    problems: &mut Vec<Problem>,
) -> Option<T> {
    if value.is_none() {
        let problem = context.takes(expected, text, whole(text));
        problems.push(problem.or_nearest(text, words.iter().copied()));
    }
    value
}
