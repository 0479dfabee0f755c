//! The values of supervisord.conf: one file a type, after supervisor 4.3's
//! `datatypes.py` and `options.py`.
//!
//! A `parse` reads what is left once `%(name)s` has been expanded; [`check()`]
//! takes the value as it is written.

pub mod address;
mod check;
pub mod choice;
pub mod command;
pub mod environment;
pub mod expansion;
pub mod file;
pub mod name;
pub mod number;
pub(super) mod pieces;
pub(super) mod python;
mod shlex;
pub mod signal;

pub use check::check;

/// The type of a value, after the function of supervisor that reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `auto_restart`.
    Autorestart,
    /// How many connections wait: `integer`, from 1 to 65535.
    Backlog,
    /// `boolean`.
    Boolean,
    /// How many events wait: `integer`, from 1.
    BufferSize,
    /// Words as `shlex.split` gives them.
    Command,
    /// The log of supervisord itself: a path or `syslog`.
    DaemonLogFile,
    /// A directory.
    Directory,
    /// A Python object, as `module:name`.
    EntryPoint,
    /// `dict_of_key_value_pairs`.
    Environment,
    /// Names of event types, commas between them.
    EventTypes,
    /// `list_of_exitcodes`.
    ExitCodes,
    /// Paths with wildcards, blanks between them.
    Globs,
    /// `integer`.
    Integer,
    /// `logfile_name`.
    LogFile,
    /// `logging_level`.
    LogLevel,
    /// `octal_type`.
    OctalMode,
    /// `colon_separated_user_group`.
    Owner,
    /// Text that nobody should see.
    Password,
    /// A path, made absolute.
    Path,
    /// `inet_address`.
    Port,
    /// The name of a process, expanded for each.
    ProcessName,
    /// Names of programs, commas between them.
    Programs,
    /// `signal_number`.
    Signal,
    /// `byte_size`.
    Size,
    /// The socket of a FastCGI program.
    Socket,
    /// Any text.
    Text,
    /// Where supervisord listens, or `AUTO`.
    Url,
    /// `name_to_uid`.
    User,
}

impl Kind {
    /// What may be assigned, in a few words, for people.
    pub const fn describe(self) -> &'static str {
        match self {
            Kind::Autorestart => "`true`, `false` or `unexpected`",
            Kind::Backlog => "a number of connections from 1 to 65535",
            Kind::Boolean => "a boolean: `true` or `false`",
            Kind::BufferSize => "a number of events, 1 or more",
            Kind::Command => "a command line: the program and its arguments; no shell reads it",
            Kind::DaemonLogFile => "a path, or `syslog`",
            Kind::Directory => "a directory",
            Kind::EntryPoint => "a Python object as `module:name`",
            Kind::Environment => "assignments such as `NAME=\"value\",OTHER=\"value\"`, commas between them",
            Kind::EventTypes => "event types such as `PROCESS_STATE`, commas between them",
            Kind::ExitCodes => "exit codes from 0 to 255, commas between them",
            Kind::Globs => "paths, `*`, `?` and `[…]` allowed, blanks between them",
            Kind::Integer => "an integer",
            Kind::LogFile => "a path, `AUTO`, or `NONE`",
            Kind::LogLevel => "one of `critical`, `error`, `warn`, `info`, `debug`, `trace`, `blather`",
            Kind::OctalMode => "an octal mode such as `0700`",
            Kind::Owner => "a user, or `USER:GROUP`, by name or number",
            Kind::Password => "text, or `{SHA}` and the SHA-1 of it in hexadecimal",
            Kind::Path => "a path",
            Kind::Port => "a port or `HOST:PORT`; `*` is any address",
            Kind::ProcessName => "a name such as `%(program_name)s_%(process_num)02d`",
            Kind::Programs => "names of programs, commas between them",
            Kind::Signal => "a signal by name or number",
            Kind::Size => "a size in bytes, or with `KB`, `MB` or `GB` (powers of 1024)",
            Kind::Socket => "`unix://` and an absolute path, or `tcp://HOST:PORT`",
            Kind::Text => "text",
            Kind::Url => "`http://HOST:PORT`, `unix://PATH`, or `AUTO`",
            Kind::User => "a user, by name or number",
        }
    }
}
