//! What the words on the command line make the process do.

use std::io::Write;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::{env, fs, io, process};

use crate::report::{Reporter, escaped};
use crate::{children, files, observe, signals};

/// Where the starts of each role are counted.
const COUNTS: &str = "/srv/observe/counts";

/// Reports, then does what `arguments` say; the exit status.
pub(crate) fn run(arguments: &[Vec<u8>]) -> i32 {
    let seen = observe::all(arguments);
    let mask = signals::block();
    let [_, case, role, words @ ..] = arguments else {
        eprintln!("usage: PROBE CASE ROLE WORD…");
        return 64;
    };
    let words: Vec<&[u8]> = words.iter().map(Vec::as_slice).take_while(|word| *word != b"--").collect();
    let reporter = Reporter::new(case, role);
    let words = part(&words, &reporter);
    let mut process = Process { reporter, mask, words: words.into_iter() };
    if process.words.as_slice().first() == Some(&b"late".as_slice()) {
        process.words.next();
        let milliseconds = process.milliseconds();
        signals::pause(Some(milliseconds));
    }
    process.reporter.send("start", &seen);
    let status = process.go();
    process.tell("exit", &[("status", status.to_string())]);
    status
}

struct Process<'a> {
    reporter: Reporter,
    mask: signals::Mask,
    words: std::vec::IntoIter<&'a [u8]>,
}

impl<'a> Process<'a> {
    fn go(&mut self) -> i32 {
        while let Some(word) = self.words.next() {
            match word {
                b"exit" => return self.number(),
                b"die" => {
                    let signal = signals::number(self.word());
                    signals::die(signal.unwrap_or(libc::SIGKILL));
                }
                b"sleep" => {
                    let milliseconds = self.milliseconds();
                    self.mask.restore();
                    signals::pause(Some(milliseconds));
                    signals::block();
                }
                b"wait" => {
                    self.mask.restore();
                    signals::pause(None);
                }
                b"serve" => self.serve(),
                b"child" => children::leave(self.word(), &self.reporter),
                b"daemon" => children::daemonise(self.word()),
                b"notify" => self.notify(),
                b"listen" => self.tell("listen", &[("sockets", observe::passed())]),
                b"out" => {
                    let _ = writeln!(io::stdout(), "{}", escaped(self.word()));
                }
                b"err" => {
                    let _ = writeln!(io::stderr(), "{}", escaped(self.word()));
                }
                b"lines" => self.lines(),
                b"accept" => self.tell("connection", &[("text", files::accept())]),
                b"in" => self.tell("input", &[("text", files::read_from(io::stdin()))]),
                b"look" => self.about("look", files::look),
                b"list" => self.about("list", files::list),
                b"read" => self.about("read", files::read),
                b"write" => self.about("write", files::write),
                b"has" => {
                    if fs::symlink_metadata(String::from_utf8_lossy(self.word()).as_ref()).is_err() {
                        return 1;
                    }
                }
                _ => {
                    self.tell("confused", &[("word", escaped(word))]);
                    return 64;
                }
            }
        }
        0
    }

    /// Reports each signal until the one comes that ends it.
    fn serve(&mut self) {
        let next = self.words.as_slice().first().copied().unwrap_or_default();
        let last = match signals::number(next) {
            Some(signal) => Some(signal),
            None if next == b"never" => None,
            None => Some(libc::SIGTERM),
        };
        if signals::number(next).is_some() || next == b"never" {
            self.words.next();
        }
        loop {
            let signal = signals::next();
            self.tell("signal", &[("signal", signals::name(signal))]);
            if last == Some(signal) {
                return;
            }
        }
    }

    fn notify(&mut self) {
        let text = self.word();
        let Some(path) = env::var_os("NOTIFY_SOCKET") else {
            self.tell("notify", &[("text", "there is no NOTIFY_SOCKET".to_owned())]);
            return;
        };
        // Whoever is started because of it comes later.
        self.tell("notify", &[("text", escaped(text))]);
        let path = path.to_string_lossy().into_owned();
        let address = match path.strip_prefix('@') {
            Some(name) => SocketAddr::from_abstract_name(name),
            None => SocketAddr::from_pathname(&path),
        };
        let sent = address.and_then(|address| UnixDatagram::unbound()?.send_to_addr(text, &address));
        if let Err(error) = sent {
            self.tell("notify", &[("text", error.to_string())]);
        }
    }

    fn lines(&mut self) {
        let (count, pause) = (self.number(), self.milliseconds());
        for number in 1..=count {
            let _ = writeln!(io::stdout(), "line {number} of {count}, neither long nor short");
            signals::pause(Some(pause));
        }
    }

    fn about(&mut self, event: &str, what: fn(&[u8]) -> String) {
        let path = self.word();
        self.tell(event, &[("path", escaped(path)), ("is", what(path))]);
    }

    fn word(&mut self) -> &'a [u8] {
        self.words.next().unwrap_or_default()
    }

    fn number(&mut self) -> i32 {
        std::str::from_utf8(self.word()).ok().and_then(|word| word.parse().ok()).unwrap_or(64)
    }

    fn milliseconds(&mut self) -> u64 {
        u64::try_from(self.number()).unwrap_or(0)
    }

    fn tell(&self, event: &str, fields: &[(&str, String)]) {
        let fields: Vec<(String, String)> =
            fields.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
        self.reporter.send(event, &fields);
    }
}

/// The words for this start, of those that `then` divides.
fn part<'a>(words: &[&'a [u8]], reporter: &Reporter) -> Vec<&'a [u8]> {
    let parts: Vec<&[&[u8]]> = words.split(|word| *word == b"then").collect();
    let at = if parts.len() > 1 { count(&reporter.name()).min(parts.len() - 1) } else { 0 };
    parts.get(at).map(|part| part.to_vec()).unwrap_or_default()
}

/// How many starts came before this one.
fn count(name: &str) -> usize {
    for number in 0.. {
        let path = format!("{COUNTS}/{name}.{number}");
        match fs::OpenOptions::new().write(true).create_new(true).open(path) {
            Ok(_) => return number,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(_) => process::exit(98),
        }
    }
    0
}
