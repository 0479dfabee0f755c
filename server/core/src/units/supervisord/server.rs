use super::given::{self, Address, Given};
use super::reading::Reading;
use super::{Expansions, Merged};
use crate::values::supervisord::choice::{self, LogLevel};
use crate::values::supervisord::number;

/// What supervisord itself is like.
#[derive(Clone, Debug)]
pub struct ServerValues<'a> {
    /// `logfile`
    pub logfile: Given<'a, String>,
    /// `logfile_maxbytes`
    pub logfile_maxbytes: Given<'a, i64>,
    /// `logfile_backups`
    pub logfile_backups: Given<'a, i64>,
    /// `loglevel`
    pub loglevel: Given<'a, LogLevel>,
    /// `pidfile`
    pub pidfile: Given<'a, String>,
    /// `umask`
    pub umask: Given<'a, Option<i64>>,
    /// `nodaemon`
    pub nodaemon: Given<'a, bool>,
    /// `silent`
    pub silent: Given<'a, bool>,
    /// `minfds`
    pub minfds: Given<'a, i64>,
    /// `minprocs`
    pub minprocs: Given<'a, i64>,
    /// `nocleanup`
    pub nocleanup: Given<'a, bool>,
    /// `strip_ansi`
    pub strip_ansi: Given<'a, bool>,
    /// `childlogdir`: none, that for temporary files.
    pub childlogdir: Given<'a, Option<String>>,
    /// `directory`
    pub directory: Given<'a, Option<String>>,
    /// `user`
    pub user: Given<'a, Option<String>>,
    /// `identifier`
    pub identifier: Given<'a, String>,
    /// `environment`
    pub environment: Given<'a, Vec<(String, String)>>,
    /// Where it is reached: those at a port, then those at a path.
    pub http: Vec<Http<'a>>,
}

/// An `[inet_http_server]` or `[unix_http_server]`.
#[derive(Clone, Debug)]
pub struct Http<'a> {
    /// Its section.
    pub section: &'a str,
    /// `port` or `file`
    pub address: Given<'a, Option<Address>>,
    /// `username`
    pub username: Given<'a, Option<String>>,
    /// `password`
    pub password: Given<'a, Option<String>>,
    /// `chown`
    pub chown: Given<'a, Option<String>>,
    /// `chmod`
    pub chmod: Given<'a, Option<i64>>,
}

/// Reads `[supervisord]` (`ServerOptions.read_config`); `environment` are the names that any value knows.
pub(super) fn server<'a>(
    reading: &mut Reading<'_, 'a>,
    section: Option<&Merged<'a>>,
    environment: &Expansions,
) -> ServerValues<'a> {
    let nothing = Merged::new("supervisord");
    let section = section.unwrap_or(&nothing);
    let mut here = environment.clone();
    here.set("here", reading.around.here(0));
    let mut host = here.clone();
    host.set("host_node_name", reading.around.host());
    let environment = match reading.expanded_twice(section, "environment", &here, &host) {
        Some(found) => reading.parsed(section, found, Vec::new(), given::environment),
        None => Given::default_of(Vec::new()),
    };
    let text = |reading: &mut Reading<'_, 'a>, key: &str, default: &str| {
        reading.value(section, key, &here, default.to_owned(), |text, _, _| Some(text.to_owned()))
    };
    let boolean =
        |reading: &mut Reading<'_, 'a>, key: &str| reading.value(section, key, &here, false, choice::parse_boolean);
    let integer = |reading: &mut Reading<'_, 'a>, key: &str, default: i64| {
        reading.value(section, key, &here, default, given::integer)
    };
    ServerValues {
        logfile: text(reading, "logfile", "supervisord.log"),
        logfile_maxbytes: reading.value(section, "logfile_maxbytes", &here, 50 << 20, number::parse_size),
        logfile_backups: integer(reading, "logfile_backups", 10),
        loglevel: reading.value(section, "loglevel", &here, LogLevel::Info, choice::parse_log_level),
        pidfile: text(reading, "pidfile", "supervisord.pid"),
        umask: reading.value(section, "umask", &here, Some(0o022), given::mode),
        nodaemon: boolean(reading, "nodaemon"),
        silent: boolean(reading, "silent"),
        minfds: integer(reading, "minfds", 1024),
        minprocs: integer(reading, "minprocs", 200),
        nocleanup: boolean(reading, "nocleanup"),
        strip_ansi: boolean(reading, "strip_ansi"),
        childlogdir: reading.value(section, "childlogdir", &here, None, given::text),
        directory: reading.value(section, "directory", &here, None, given::text),
        user: reading.value(section, "user", &here, None, given::user),
        identifier: text(reading, "identifier", "supervisor"),
        environment,
        http: Vec::new(),
    }
}

/// Reads the plug-ins of the interface for programs (`Options.get_plugins`).
pub(super) fn plugins<'a>(reading: &mut Reading<'_, 'a>, sections: &[Merged<'a>], environment: &Expansions) {
    const FACTORY: &str = "supervisor.rpcinterface_factory";
    let plugins = sections.iter().filter(|section| section.name.starts_with("rpcinterface:"));
    for (section, first) in plugins.zip(std::iter::once(true).chain(std::iter::repeat(false))) {
        if section.get(FACTORY).is_none() {
            reading.refuse_section(
                section,
                format!("\"{FACTORY}\" is missing; supervisord refuses the section without it"),
            );
        }
        // What all have is looked at once.
        let defaults = first.then(|| section.defaults()).into_iter().flatten();
        for assignment in section.assignments.iter().chain(defaults) {
            let key = &*assignment.directive.key;
            match key {
                FACTORY => drop(reading.value(section, key, environment, None, given::object)),
                _ => drop(reading.value(section, key, environment, None, given::text)),
            }
        }
    }
}

/// Reads where supervisord is reached (`server_configs_from_parser`).
pub(super) fn http<'a>(
    reading: &mut Reading<'_, 'a>,
    sections: &[Merged<'a>],
    environment: &Expansions,
) -> Vec<Http<'a>> {
    let mut here = environment.clone();
    here.set("here", reading.around.here(0));
    let mut servers = Vec::new();
    for (kind, key) in [("inet_http_server", "port"), ("unix_http_server", "file")] {
        for section in sections.iter().filter(|section| section.name.starts_with(kind)) {
            if section.get(key).is_none() {
                reading.refuse_section(
                    section,
                    format!("\"{key}\" is missing; supervisord refuses the section without it"),
                );
            }
            let unix = key == "file";
            let address = match unix {
                true => reading.value(section, key, &here, None, |text, _, _| {
                    let path = text.trim_matches(crate::syntax::supervisord::is_blank);
                    Some(Some(Address::Unix(path.to_owned())))
                }),
                false => reading.value(section, key, environment, None, given::port),
            };
            let [username, password] =
                ["username", "password"].map(|key| reading.value(section, key, environment, None, given::text));
            if section.get("username").is_some() != section.get("password").is_some() {
                let key = if section.get("username").is_some() { "username" } else { "password" };
                reading.refuse_key(section, key, "supervisord wants both \"username\" and \"password\", or neither");
            }
            let (chown, chmod) = match unix {
                true => (
                    reading.value(section, "chown", environment, None, given::owner),
                    reading.value(section, "chmod", environment, Some(0o700), given::mode),
                ),
                false => (Given::default_of(None), Given::default_of(None)),
            };
            servers.push(Http { section: section.name, address, username, password, chown, chmod });
        }
    }
    servers
}
