//! The values that parts of a configuration have.

use crate::units::Setting;
use crate::values::supervisord::{address, environment, file, name, number};
use crate::values::{Context, Problem};

/// A value as supervisord takes it.
#[derive(Clone, Debug)]
pub struct Given<'a, T> {
    /// The value; what holds by default where it is refused, or where nobody knows it.
    pub value: T,
    /// The assignment that it comes from; none if that is what holds by default.
    pub from: Option<Setting<'a>>,
    /// The names in it that only the running supervisord knows.
    pub unknown: Vec<String>,
}

/// Where output is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogFile {
    /// Nowhere.
    None,
    /// In a file of supervisord's choice.
    Auto,
    /// In the system's log.
    Syslog,
    /// In this file; `~` at its beginning is a home directory.
    Path(String),
}

/// Where something listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A socket at this path.
    Unix(String),
    /// A host, empty if any, and a port.
    Tcp(String, u16),
}

impl<T> Given<'_, T> {
    /// What holds by default.
    pub(super) fn default_of(value: T) -> Self {
        Given { value, from: None, unknown: Vec::new() }
    }
}

pub(super) type Problems<'p> = &'p mut Vec<Problem>;

pub(super) fn integer(text: &str, context: &Context, problems: Problems) -> Option<i64> {
    number::parse(text, i64::MIN..=i64::MAX, context, problems)
}

pub(super) fn text(text: &str, _: &Context, _: Problems) -> Option<Option<String>> {
    Some(Some(text.to_owned()))
}

pub(super) fn mode(text: &str, context: &Context, problems: Problems) -> Option<Option<i64>> {
    number::parse_mode(text, context, problems).map(Some)
}

pub(super) fn user(text: &str, _: &Context, problems: Problems) -> Option<Option<String>> {
    name::parse_user(text, problems).map(|_| Some(text.to_owned()))
}

pub(super) fn owner(text: &str, _: &Context, problems: Problems) -> Option<Option<String>> {
    name::parse_owner(text, problems).map(|_| Some(text.to_owned()))
}

pub(super) fn server_url(text: &str, context: &Context, problems: Problems) -> Option<Option<String>> {
    let url = address::parse_url(text, context, problems);
    Some((url != address::Url::Auto).then(|| text.to_owned()))
}

pub(super) fn log_file(text: &str, context: &Context, problems: Problems) -> Option<LogFile> {
    Some(match file::parse_log(text, context, problems) {
        file::LogFile::None => LogFile::None,
        file::LogFile::Auto => LogFile::Auto,
        file::LogFile::Syslog => LogFile::Syslog,
        file::LogFile::Path(path) => LogFile::Path(path.to_owned()),
    })
}

/// The variables, each once: the last of a name holds, at the place of the first.
pub(super) fn environment(text: &str, _: &Context, problems: Problems) -> Option<Vec<(String, String)>> {
    let mut places = std::collections::HashMap::new();
    let mut variables: Vec<(String, String)> = Vec::new();
    for environment::Assignment { name, value, .. } in environment::parse(text, problems) {
        let at = *places.entry(name.clone()).or_insert(variables.len());
        match variables.get_mut(at) {
            Some((_, old)) => *old = value,
            None => variables.push((name.into_owned(), value)),
        }
    }
    Some(variables)
}

pub(super) fn port(text: &str, context: &Context, problems: Problems) -> Option<Option<Address>> {
    let address::Port { host, port } = address::parse_port(text, context, problems)?;
    Some(Some(Address::Tcp(host, port)))
}

pub(super) fn socket(text: &str, context: &Context, problems: Problems) -> Option<Option<Address>> {
    Some(Some(match address::parse_socket(text, context, problems)? {
        address::Socket::Unix(path) => Address::Unix(path.to_owned()),
        address::Socket::Tcp(address::Port { host, port }) => Address::Tcp(host, port),
    }))
}

pub(super) fn backlog(text: &str, context: &Context, problems: Problems) -> Option<Option<i64>> {
    number::parse(text, 1..=65535, context, problems).map(Some)
}

pub(super) fn buffer_size(text: &str, context: &Context, problems: Problems) -> Option<i64> {
    number::parse(text, 1..=i64::MAX, context, problems)
}

/// The types of events, in large letters.
pub(super) fn events(text: &str, _: &Context, problems: Problems) -> Option<Vec<String>> {
    Some(name::parse_events(text, problems).into_iter().map(|(name, ..)| name.to_uppercase()).collect())
}

/// A Python object; whether it is there, only the running supervisord knows.
pub(super) fn object(text: &str, context: &Context, problems: Problems) -> Option<Option<String>> {
    name::parse_object(text, context, problems).map(|object| Some(object.to_owned()))
}
