//! Configurations of supervisord made up at random: well-formed ones and all manners of bad ones.

use std::fs;
use std::path::{Path, PathBuf};

use crate::random::Random;

/// The files of one configuration: paths below its folder, and texts. The first is the main one.
pub type Files = Vec<(String, String)>;

/// Values that a key may have: good ones, then bad ones.
type Values = (&'static [&'static str], &'static [&'static str]);

const BOOLEAN: Values =
    (&["true", "false", "yes", "no", "ON", "Off", "1", "0", "TRUE"], &["y", "maybe", "", "2", "true false"]);
const INTEGER: Values = (
    &["0", "1", "3", "10", "-1", "+7", "007", "1_000", " 5", "999", "-99", "99999999999999999999"],
    &["", "1.5", "0x10", "ten", "1__0", "_1", "1 0", "--1"],
);
const SIZE: Values = (
    &["0", "1MB", "50mb", "10KB", "1gb", "1 KB", "1024", "2Gb", "-1", "%(ENV_SIZE)s", "8_0kB"],
    &["1M", "MB", "1TB", "1.5MB", "", "1 B"],
);
const MODE: Values = (&["022", "0700", "700", "0o22", "0", "-1", "7_7", "77777"], &["rw", "8", "0x7", "", "0 22"]);
const SIGNAL: Values = (
    &[
        "TERM", "sigkill", "INT", "USR1", "9", "15", "QUIT", "SIGHUP", " hup", "RTMIN", "rtmax", "CLD", "IOT", "POLL",
        "0", "1", "34", "64", "_IGN", "STKFLT", "PWR",
    ],
    &["SIGFOO", "99", "", "-1", "35", "32", "RTMIN+1", "SIG TERM", "SIGSIGTERM", "33"],
);
const CODES: Values = (&["0", "0,2", "", "1, 2 ,3", "255", "0_1", "+1"], &["256", "-1", "a", "0,,2", ",", "0;2"]);
const RESTART: Values =
    (&["true", "false", "unexpected", "UNEXPECTED", "1", "no"], &["always", "", "unexpected ", " never"]);
const USER: Values =
    (&["www-data", "root", "0", "1000", "%(ENV_USER)s", "nobody"], &["", "a:b", "-1", "no body", "%(nope)s"]);
const OWNER: Values = (&["root", "root:adm", "0:0", "www-data:www-data"], &["", "a:", ":b", "a:b:c", "a b:c"]);
const LOG: Values = (
    &[
        "AUTO",
        "none",
        "NONE",
        "off",
        "syslog",
        "Syslog",
        "/var/log/x.log",
        "%(here)s/x.log",
        "/var/log/%(program_name)s.log",
        "/dev/stdout",
        "x.log",
        "/l/%%%%.log",
        "/l/%(group_name)s-%(process_num)s.log",
        "~/x.log",
        "",
        "/l/%(ENV_OWN)s",
    ],
    &["/l/%%.log", "/l/%", "%(nope)s", "/l/%(process_num", "%(here)d"],
);
const COMMAND: Values = (
    &[
        "/bin/cat",
        "/bin/sh -c 'echo a b'",
        "/usr/bin/env \"a b\" c\\ d",
        "cat 'unclosed",
        "app --port=80%(process_num)02d",
        "%(here)s/run %(program_name)s",
        "app a;b c#d",
        "app 'x ; y'",
        "app \"x #y\"",
        "app %% --level 5%%",
        "app $HOME `id` | tee",
        "app %(ENV_HOME)s %(ENV_OWN)s",
        "a\\\"b 'c\"d' \"e'f\" \"g\\\"h\" \"i\\j\"",
        "",
        "app %(numprocs)d/%(process_num)-5d. %(process_num)x",
        "app %(program_name).2s|%(group_name)10s|%(host_node_name)s",
        "app ''",
        "app ä \u{a0}b",
        "app trailing\\",
        "app %(program_name)r %(process_num)+05d %(process_num)#x %(process_num)c",
    ],
    &[
        "app 100%",
        "app % x",
        "app %(nope)s",
        "app %s %s",
        "app %(program_name)d",
        "app %(here",
        "app %(here)",
        "app %(process_num)y",
        "app %(ENV_NOPE)s",
        "app %5%",
        "app %(program_name)*s",
    ],
);
const ENVIRONMENT: Values = (
    &[
        "OWN=\"1\"",
        "OWN=1,B='x,y'",
        "A=\"%(here)s\",OWN=%(ENV_HOME)s",
        "A=a B=b",
        "KEY=val,KEY2=\"val 2\"",
        "PATH=\"/a:/b\"",
        "A=\"x\",",
        "",
        "A='it\"s',B=\"it's\"",
        "A=a=b,C=d",
        "\"A\"=b",
        "A=\"\"",
        "P%(process_num)s=\"%(numprocs)s\"",
        "A=b,A=c",
        "A=\"%(program_name)s %%\"",
        "A=/a/b+c-d():e.f",
        "A= \"sp ace\" , B = c",
        "ä=b",
        "A=\"%(ENV_BLANKS)s\",OWN=\"%(ENV_A)s\"",
    ],
    &["A", "A=", "=b", "A=\"open", "A=b,C", "A:b", "A=%(nope)s", "A=5%", "A==b", "A=$X", "A=a@b,C=d", "A='x"],
);
const TEXT: Values = (&["x", "", "a b", "%(here)s/x", "x%%y", "%(ENV_HOME)s"], &["%", "%(nope)s", "100%"]);
const PLAIN: Values = (&["x", "", "a b", "x%%y", "%(ENV_HOME)s"], &["%", "%(here)s", "100%"]);
const DIRECTORY: Values =
    (&["/tmp", "~", "%(here)s", "/srv/%(program_name)s", "", "/d/%(process_num)d"], &["/%", "%(nope)s"]);
const LEVEL: Values =
    (&["info", "DEBUG", "warn", "critical", "blather", "trace", "error"], &["", "warning", "none", "5"]);
const NAME: Values = (
    &[
        "%(program_name)s_%(process_num)02d",
        "%(process_num)s",
        "x%(process_num)d",
        "%(group_name)s-%(process_num)03d",
        "%(host_node_name)s_%(process_num)d",
    ],
    &[
        "%(program_name)s",
        "a b%(process_num)d",
        "%(process_num)",
        "x:%(process_num)d",
        "%(process_num) d",
        "%(nope)s%(process_num)s",
        "fixed",
    ],
);
const URL: Values = (&["AUTO", "auto ", "http://localhost:9001", "unix:///run/s.sock", "", "x"], &["%"]);
const COUNT: Values = (&["1", "2", "3", "0", "-1", " 2", "12"], &["", "two", "1.0", "%(nope)s"]);
const START: Values = (&["0", "1", "-1", "+7", "1_000", "10"], &["", "1.5", "x"]);
const EVENTS: Values = (
    &[
        "PROCESS_STATE",
        "TICK_5,tick_60",
        "event",
        "PROCESS_STATE_EXITED, PROCESS_LOG",
        "SUPERVISOR_STATE_CHANGE_RUNNING",
    ],
    &["", "NOPE", "TICK_5,", "TICK_5 TICK_60"],
);
const BUFFER: Values = (&["1", "10", "1024"], &["0", "-1", "", "x"]);
const SOCKET: Values = (
    &[
        "unix:///run/%(program_name)s.sock",
        "tcp://localhost:9000",
        "tcp://LOCALHOST:1",
        "unix:///a b",
        "tcp://[::1]:80",
        "tcp://127.0.0.1:65535",
    ],
    &[
        "",
        "unix://rel",
        "tcp://host",
        "tcp://h:0",
        "tcp://h:70000",
        "tcp://:80",
        "/run/x",
        "http://h:80",
        "unix:///%(process_num)d",
        "tcp://h:+1",
        "tcp://h: 1",
    ],
);
const BACKLOG: Values = (&["1", "128", "65535"], &["0", "65536", "", "-1", "x"]);
const PORT: Values = (
    &["9001", "127.0.0.1:9001", "*:9001", ":9001", "[::1]:80", "LocalHost:1", "%(ENV_HOME)s:1"],
    &["", "0", "65536", "host:", "x", "host:x", "9001 9002", "%(here)s:1"],
);
const FILE: Values =
    (&["/run/s.sock", "%(here)s/s.sock", " /x ", "s.sock", "%(ENV_HOME)s/x"], &["%", "%(program_name)s"]);
const OBJECT: Values = (
    &[
        "supervisor.rpcinterface:make_main_rpcinterface",
        "a.b:c",
        "supervisor.dispatchers:default_handler",
        "a.b",
        "a : b ",
        "supervisor.a:b [x]",
    ],
    &["", "a b:c", "[x]", ":c", "a:", "a..b:c", "a:b:c", "%(here)s:x"],
);

const PROGRAM: &[(&str, Values)] = &[
    ("command", COMMAND),
    ("process_name", NAME),
    ("numprocs", COUNT),
    ("numprocs_start", START),
    ("priority", INTEGER),
    ("autostart", BOOLEAN),
    ("autorestart", RESTART),
    ("startsecs", INTEGER),
    ("startretries", INTEGER),
    ("exitcodes", CODES),
    ("stopsignal", SIGNAL),
    ("stopwaitsecs", INTEGER),
    ("stopasgroup", BOOLEAN),
    ("killasgroup", BOOLEAN),
    ("user", USER),
    ("redirect_stderr", BOOLEAN),
    ("stdout_logfile", LOG),
    ("stdout_logfile_maxbytes", SIZE),
    ("stdout_logfile_backups", INTEGER),
    ("stdout_capture_maxbytes", SIZE),
    ("stdout_events_enabled", BOOLEAN),
    ("stdout_syslog", BOOLEAN),
    ("stderr_logfile", LOG),
    ("stderr_logfile_maxbytes", SIZE),
    ("stderr_logfile_backups", INTEGER),
    ("stderr_capture_maxbytes", SIZE),
    ("stderr_events_enabled", BOOLEAN),
    ("stderr_syslog", BOOLEAN),
    ("environment", ENVIRONMENT),
    ("directory", DIRECTORY),
    ("umask", MODE),
    ("serverurl", URL),
    ("nonsense", PLAIN),
];
const SUPERVISORD: &[(&str, Values)] = &[
    ("logfile", TEXT),
    ("logfile_maxbytes", SIZE),
    ("logfile_backups", INTEGER),
    ("loglevel", LEVEL),
    ("pidfile", TEXT),
    ("umask", MODE),
    ("nodaemon", BOOLEAN),
    ("silent", BOOLEAN),
    ("minfds", INTEGER),
    ("minprocs", INTEGER),
    ("nocleanup", BOOLEAN),
    ("childlogdir", TEXT),
    ("user", USER),
    ("directory", TEXT),
    ("strip_ansi", BOOLEAN),
    (
        "environment",
        (
            &["A=\"%(ENV_HOME)s\"", "S=\"%%(host_node_name)s\",T=t", "OWN=\"sup\"", "", "H=\"%(here)s\""],
            &["A", "A=\"%%\"", "A=\"%(host_node_name)s\"", "A=\"%(program_name)s\""],
        ),
    ),
    ("identifier", TEXT),
];
const LISTENER: &[(&str, Values)] = &[
    ("events", EVENTS),
    ("buffer_size", BUFFER),
    ("result_handler", OBJECT),
    ("redirect_stderr", (&["false", "no"], &["true", "x"])),
    ("priority", INTEGER),
];
const FCGI: &[(&str, Values)] =
    &[("socket", SOCKET), ("socket_owner", OWNER), ("socket_mode", MODE), ("socket_backlog", BACKLOG), ("user", USER)];
const INET: &[(&str, Values)] = &[("port", PORT), ("username", PLAIN), ("password", PLAIN)];
const UNIX: &[(&str, Values)] =
    &[("file", FILE), ("chmod", MODE), ("chown", OWNER), ("username", PLAIN), ("password", PLAIN)];
const RPC: &[(&str, Values)] = &[("supervisor.rpcinterface_factory", OBJECT), ("retries", PLAIN)];
const GROUP: &[(&str, Values)] = &[("priority", INTEGER)];
const CTL: &[(&str, Values)] = &[("serverurl", URL), ("prompt", PLAIN)];
const DEFAULT: &[(&str, Values)] = &[
    ("command", COMMAND),
    ("priority", INTEGER),
    ("environment", ENVIRONMENT),
    ("stdout_logfile", LOG),
    ("user", USER),
    ("directory", DIRECTORY),
    ("other", (&["%(here)s/x", "%%(here)s", "x"], &["%"])),
];

/// Real configurations: those that supervisor brings along, and those of the directory
/// `SVLSP_CONFIGS_DIR`.
///
/// `scratch` is the `CARGO_TARGET_TMPDIR` of the test.
///
/// # Panics
///
/// When one of the directories can't be read.
pub fn shipped(scratch: &str) -> Vec<PathBuf> {
    let own = modules(scratch).join("supervisor");
    let mut folders = vec![own.join("skel"), own.join("tests/fixtures"), own.join("tests/fixtures/example")];
    folders.extend(std::env::var_os("SVLSP_CONFIGS_DIR").map(PathBuf::from));
    folders.iter().flat_map(|folder| configurations_in(folder)).collect()
}

fn configurations_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("it is there").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "conf"));
    paths.sort();
    paths
}

/// Where `cargo xtask tools` puts supervisor; `scratch` is as of [`shipped`].
///
/// # Panics
///
/// When it isn't there.
pub fn modules(scratch: &str) -> PathBuf {
    let target = Path::new(scratch).parent().expect("target/tmp lies in target");
    let modules = target.join("tools/supervisor");
    assert!(modules.exists(), "{} is missing: `cargo xtask tools` installs it", modules.display());
    modules
}

/// A configuration that depends on `number` alone.
pub fn configuration(number: usize) -> Files {
    let mut random = Random::new(&format!("supervisord {number}"));
    // A third is meant to be good all over.
    let bad = [0, 0, 1, 2, 4, 10][random.below(6)];
    Writer { random, bad, programs: Vec::new() }.configuration()
}

struct Writer {
    random: Random,
    /// Of a hundred values or lines, how many are bad.
    bad: usize,
    /// What has been called a program.
    programs: Vec<String>,
}

impl Writer {
    fn configuration(mut self) -> Files {
        let mut main = Vec::new();
        if !self.is_bad() || self.chance(50) {
            main.push(self.section("supervisord", SUPERVISORD, &[], 3));
        }
        for _ in 0..self.random.below(4) {
            main.push(self.any_section());
        }
        let mut files = vec![(String::from("supervisord.conf"), String::new())];
        if self.chance(30) {
            main.push(self.include());
            for name in
                ["conf.d/b.conf", "conf.d/a.conf", "conf.d/.hidden.conf", "extra.ini", "conf.d/c.ini", "sub/d/e.conf"]
            {
                if self.chance(50) {
                    let sections = (0..1 + self.random.below(2)).map(|_| self.any_section()).collect::<Vec<_>>();
                    files.push((name.to_owned(), self.file(&sections)));
                }
            }
        }
        if self.chance(35) {
            let group = self.group();
            main.push(group);
        }
        // Sections stand in any order.
        for at in (1..main.len()).rev() {
            main.swap(at, self.random.below(at + 1));
        }
        files[0].1 = self.file(&main);
        files
    }

    fn file(&mut self, sections: &[String]) -> String {
        let mut text = sections.concat();
        if self.is_bad() && self.chance(20) {
            text.insert_str(0, ["x=1\n", "nonsense\n", "\u{feff}", "  ;c\n y\n"][self.random.below(4)]);
        }
        match self.random.below(12) {
            0 => text.replace('\n', "\r\n"),
            1 => text.replace('\n', "\r"),
            2 => text.trim_end().to_owned(),
            _ => text,
        }
    }

    fn any_section(&mut self) -> String {
        const NAMES: [&str; 6] = ["web", "db", "a", "B", "x-1", "web_00"];
        let odd = self.is_bad() && self.chance(40);
        let mut name = (*self.random.of(&NAMES)).to_owned();
        if odd {
            name = (*self.random.of(&["a b", "a/b", "a:b", "", " x", "x ", "ä"])).to_owned();
        } else if self.chance(4) {
            name = format!(" {name} ");
        }
        match self.random.below(20) {
            0..=9 => {
                self.programs.push(name.clone());
                self.section(&format!("program:{name}"), PROGRAM, &["command"], 6)
            }
            10 | 11 => {
                self.programs.push(name.clone());
                let keys = [PROGRAM, FCGI].concat();
                self.section(&format!("fcgi-program:{name}"), &keys, &["command", "socket"], 6)
            }
            12 | 13 => {
                let keys: Vec<_> = PROGRAM.iter().filter(|(key, _)| *key != "redirect_stderr").copied().collect();
                let keys = [&keys, LISTENER].concat();
                self.section(&format!("eventlistener:{name}"), &keys, &["command", "events"], 6)
            }
            14 => {
                let name =
                    if self.chance(50) { "inet_http_server".to_owned() } else { format!("inet_http_server:{name}") };
                self.section(&name, INET, &["port"], 1)
            }
            15 => {
                let name =
                    if self.chance(50) { "unix_http_server".to_owned() } else { format!("unix_http_server:{name}") };
                self.section(&name, UNIX, &["file"], 2)
            }
            16 => self.section("rpcinterface:supervisor", RPC, &["supervisor.rpcinterface_factory"], 1),
            17 => self.section("supervisorctl", CTL, &[], 1),
            18 => self.section("DEFAULT", DEFAULT, &[], 1),
            _ => self.section(&name, PROGRAM, &[], 2),
        }
    }

    fn group(&mut self) -> String {
        let mut programs: Vec<String> = Vec::new();
        for program in self.programs.clone() {
            if self.chance(60) {
                programs.push(program.trim().to_owned());
            }
        }
        if self.is_bad() {
            programs.push((*self.random.of(&["nope", "", "a b", "a%"])).to_owned());
        }
        let comma = *self.random.of(&[",", ", ", " , "]);
        let name = *self.random.of(&["g", "web", "all", "a"]);
        let mut section = self.section(&format!("group:{name}"), GROUP, &[], 1);
        if self.chance(95) {
            section.push_str(&format!("programs={}\n", programs.join(comma)));
        }
        section
    }

    fn include(&mut self) -> String {
        const GOOD: &[&str] = &[
            "conf.d/*.conf",
            "%(here)s/conf.d/*.conf extra.ini",
            "conf.d/[bc].*",
            "nothing/*.conf",
            "conf.d/?.conf\n  *.ini",
            "sub/*/*.conf conf.d/b.conf",
            "./conf.d/../*.ini",
            "conf.d/.h*",
            "conf.d/[!a].conf conf.d",
            "",
            "conf.d/a.conf conf.d/a.conf",
            "conf.d/*",
        ];
        const BAD: &[&str] = &["%(nope)s", "conf.d/%", "%(program_name)s.conf"];
        let files = self.value((GOOD, BAD));
        let mut section = self.section("include", &[], &[], 0);
        if !self.is_bad() || self.chance(50) {
            section.push_str(&format!("files = {files}\n"));
        }
        section
    }

    /// A section with about `count` of its keys, and those it must have.
    fn section(&mut self, name: &str, keys: &[(&str, Values)], must: &[&str], count: usize) -> String {
        let mut text = String::new();
        let indent = if self.chance(6) { "  " } else { "" };
        let behind = if self.chance(8) { *self.random.of(&[" ;c", " # c", "  ", " x", ";c"]) } else { "" };
        text.push_str(&format!("{indent}[{name}]{behind}\n"));
        let mut lines: Vec<(&str, Values)> = Vec::new();
        for (key, values) in keys {
            if must.contains(key) && (!self.is_bad() || self.chance(50)) {
                lines.push((key, *values));
            }
        }
        for _ in 0..self.random.below(2 * count + 1) {
            lines.push(*self.random.of(keys));
        }
        // More than one process is only right with a name that tells them apart.
        if lines.iter().any(|(key, _)| *key == "numprocs") && !self.is_bad() {
            lines.push(("process_name", NAME));
        }
        for (key, values) in lines {
            let value = self.value(values);
            self.line(indent, key, &value, &mut text);
        }
        text
    }

    fn value(&mut self, (good, bad): Values) -> String {
        let is_bad = self.is_bad();
        let value = (*self.random.of(if is_bad { bad } else { good })).to_owned();
        // Now and then something that may be good or bad comes behind.
        match self.bad > 0 && self.chance(2) {
            true => {
                value
                    + *self.random.of(&[
                        "%",
                        "%%",
                        "%(here)s",
                        "%%(here)s",
                        " ;x",
                        "#",
                        ",",
                        "\"",
                        " ",
                        "%(ENV_A)s",
                        "0",
                    ])
            }
            false => value,
        }
    }

    fn line(&mut self, indent: &str, key: &str, value: &str, text: &mut String) {
        if self.chance(5) {
            text.push_str(self.random.of::<&str>(&["\n", "; c\n", "  # c\n", "\t\n", "#[x]\n"]));
        }
        let key = match self.random.below(20) {
            0 => key.to_uppercase(),
            1 => key[..1].to_uppercase() + &key[1..],
            _ => key.to_owned(),
        };
        let equals = *self.random.of(&["=", "=", "=", " = ", ": ", ":", "=\t", "\t=\n    ", " : "]);
        // A value that goes over lines, where it has a blank or a comma.
        let value = match self.chance(8) {
            true => {
                let newline =
                    *self.random.of(&["\n  ", "\n\t", " ;c\n    ", "\n; c\n  ", "\n\n   ", " # c\n ; d\n   "]);
                value.replacen(", ", &format!(",{newline}"), 1).replacen(' ', newline, 1).replacen(
                    ',',
                    &format!(",{newline}"),
                    1,
                )
            }
            false => value.to_owned(),
        };
        let end = match self.random.below(15) {
            0 => " ;comment",
            1 => " # comment",
            2 => "\t; a = b",
            3 => ";no comment?"[..usize::from(self.is_bad())].trim_end(),
            4 => "  ",
            _ => "",
        };
        text.push_str(&format!("{indent}{key}{equals}{value}{end}\n"));
        if self.is_bad() && self.chance(15) {
            text.push_str(self.random.of::<&str>(&["nonsense\n", "=x\n", "[open\n", "[]\n", " = y\n", "]x[\n"]));
        }
    }

    fn is_bad(&mut self) -> bool {
        let bad = self.bad;
        self.chance(bad)
    }

    /// Whether that happens which happens so many times out of a hundred.
    fn chance(&mut self, percent: usize) -> bool {
        self.random.below(100) < percent
    }
}
