//! How fast the language server answers, beside systemd-lsp in the same run.
//!
//! Everything is measured from outside, over real standard input and output; a goal that is missed
//! is marked. Goals are for two cores.

#[allow(dead_code, reason = "the other benchmark uses the rest")]
mod input;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use svlsp_tests::lsp::{Client, pulling};

use input::Input;

/// How often a small thing is measured.
const TIMES: usize = 300;

/// How many files the workspace has.
const FILES: usize = 1_000;

fn main() {
    let input = Input::prepare();
    let build = Command::new(env!("CARGO")).args(["build", "--quiet", "--release", "--package", "svlsp"]).status();
    assert!(build.expect("cargo runs").success(), "svlsp doesn't build");
    let svlsp = Server { name: "svlsp", path: target().join("release/svlsp"), arguments: &["lsp"] };
    let peer = Server { name: "systemd-lsp", path: target().join("tools/bin/systemd-lsp"), arguments: &[] };
    let mut servers = vec![svlsp];
    match peer.path.exists() {
        true => servers.push(peer),
        false => println!("NOT MEASURED: systemd-lsp; `cargo xtask bench` installs it"),
    }
    let long = fs::read_to_string(&input.long).expect("the long file");
    let folder = workspace(&input);

    println!("\n{:48} {:>12} {:>12} {:>12}   goal", "median (95 %)", "svlsp", "", "systemd-lsp");
    let mut rows: Vec<Row> = Vec::new();
    for server in &servers {
        println!("measuring {}", server.name);
        let mut column = server.measure(&long);
        if server.name == "svlsp" {
            column.extend(server.scan(&folder));
            column.extend(server.supervise());
        }
        for (at, cell) in column.into_iter().enumerate() {
            match rows.get_mut(at) {
                Some(row) => row.peer = Some(cell),
                None => rows.push(Row { own: cell, peer: None }),
            }
        }
    }
    for row in rows {
        row.print();
    }
}

/// A language server.
struct Server {
    name: &'static str,
    path: PathBuf,
    arguments: &'static [&'static str],
}

/// A figure.
struct Cell {
    what: &'static str,
    unit: &'static str,
    value: f64,
    /// The value that 95 % are no more than, where there are many.
    most: Option<f64>,
    goal: f64,
}

struct Row {
    own: Cell,
    peer: Option<Cell>,
}

impl Row {
    fn print(&self) {
        let Cell { what, unit, value, goal, .. } = self.own;
        let show = |cell: &Cell| match cell.most {
            Some(most) => format!("{:.2} ({most:.2})", cell.value),
            None => format!("{:.2}", cell.value),
        };
        let peer = self.peer.as_ref().map_or_else(|| "-".to_owned(), show);
        let mark = if value <= goal { "" } else { "  MISSED" };
        println!("{what:48} {:>16} {peer:>20} {unit:4} {goal}{mark}", show(&self.own));
    }
}

impl Server {
    fn start(&self) -> Client {
        Client::of(Command::new(&self.path).args(self.arguments))
    }

    fn measure(&self, long: &str) -> Vec<Cell> {
        let mut cells = Vec::new();
        let spawned = samples(40, || {
            let start = Instant::now();
            let mut client = self.start();
            client.shake_hands(capabilities(), None);
            start.elapsed()
        });
        cells.push(cell("spawn to initialize answered", spawned, 10.0));
        for (lines, text, what, goal) in [
            (60, sixty(), "edit to diagnostics, 60 lines", 0.5),
            (10_000, long.to_owned(), "edit to diagnostics, 10,000 lines", 3.0),
        ] {
            let mut client = self.start();
            client.shake_hands(capabilities(), None);
            let uri = "file:///nowhere/bench.service";
            client.open(uri, "systemd", &text);
            client.hear("textDocument/publishDiagnostics");
            if lines == 60 {
                cells.push(megabytes("memory with one open file", &client, 12.0));
            }
            let times = if lines == 60 { TIMES } else { 60 };
            let edited = (0..times).map(|at| edit(&mut client, uri, &text, "Description=", at)).collect();
            cells.push(cell(what, edited, goal));
            if lines == 60 {
                let hovers = samples(TIMES, || timed(|| drop(client.at("textDocument/hover", uri, 10, 3))));
                cells.push(cell("hover, 60 lines", hovers, 1.0));
                let mut size = 0;
                let completions = samples(TIMES, || {
                    timed(|| {
                        let answer = client.at("textDocument/completion", uri, line_of_gap(&text), 0);
                        size = answer.map_or(0, |answer| answer.to_string().len());
                    })
                });
                cells.push(cell("completion on an empty line, 60 lines", completions, 1.0));
                cells.push(Cell { what: "its reply", unit: "KB", value: size as f64 / 1e3, most: None, goal: 70.0 });
            } else {
                cells.push(megabytes("memory after 10,000 lines", &client, 27.0));
            }
        }
        cells
    }

    /// The same with a supervisord.conf, which no other server knows.
    fn supervise(&self) -> Vec<Cell> {
        let uri = "file:///nowhere/supervisord.conf";
        let open = |text: &str| {
            let mut client = self.start();
            client.shake_hands(capabilities(), None);
            client.open(uri, "supervisord", text);
            client.hear("textDocument/publishDiagnostics");
            client
        };
        let text = programs(10);
        let mut client = open(&text);
        let edited = (0..TIMES).map(|at| edit(&mut client, uri, &text, "command=", at)).collect();
        let hovers = samples(TIMES, || timed(|| drop(client.at("textDocument/hover", uri, 3, 3))));
        let completions = samples(TIMES, || timed(|| drop(client.at("textDocument/completion", uri, 8, 0))));
        let lenses = |client: &mut Client| {
            timed(|| drop(client.request("textDocument/codeLens", json!({"textDocument": {"uri": uri}}))))
        };
        let shown = samples(TIMES, || lenses(&mut client));
        let text = programs(2_000);
        let mut client = open(&text);
        let many_edited = (0..20).map(|at| edit(&mut client, uri, &text, "command=", at)).collect();
        let many_shown = samples(20, || lenses(&mut client));
        vec![
            cell("supervisord.conf: edit to diagnostics, 60 lines", edited, 0.5),
            cell("supervisord.conf: hover, 60 lines", hovers, 1.0),
            cell("supervisord.conf: completion, 60 lines", completions, 1.0),
            cell("supervisord.conf: lenses, 60 lines", shown, 1.0),
            cell("supervisord.conf: edit, 2,000 programs", many_edited, 50.0),
            cell("supervisord.conf: lenses, 2,000 programs", many_shown, 50.0),
        ]
    }

    /// How long a workspace takes until what is wrong in all of it is known.
    fn scan(&self, folder: &Path) -> Vec<Cell> {
        let mut memory = 0.0;
        let scanned = samples(5, || {
            let mut client = self.start();
            client.shake_hands(pulling(), Some(folder));
            let elapsed = timed(|| {
                let report = client.request("workspace/diagnostic", json!({"previousResultIds": []}));
                assert!(report.is_ok_and(|report| report["items"].is_array()));
            });
            memory = mebibytes(&client);
            elapsed
        });
        let scan = cell("workspace of 1,000 files, all diagnostics", scanned, 300.0);
        vec![scan, Cell { what: "memory with it", unit: "MiB", value: memory, most: None, goal: 40.0 }]
    }
}

/// Types a letter into the first value of `key`, or takes it back; until the diagnostics come.
fn edit(client: &mut Client, uri: &str, text: &str, key: &str, at: usize) -> Duration {
    let line = text.lines().position(|line| line.starts_with(key)).expect("such a line") as u32;
    let version = at as i64 + 2;
    let start = key.len();
    let (end, new) = if at.is_multiple_of(2) { (start, "x") } else { (start + 1, "") };
    let range = json!({"start": {"line": line, "character": start}, "end": {"line": line, "character": end}});
    let change = json!({
        "textDocument": {"uri": uri, "version": version},
        "contentChanges": [{"range": range, "text": new}],
    });
    timed(|| {
        client.notify("textDocument/didChange", change);
        client.hear("textDocument/publishDiagnostics");
    })
}

/// A service of sixty lines.
fn sixty() -> String {
    let mut text = "[Unit]\nDescription=A web server\nDocumentation=https://example.org/\nAfter=network.target\n\n\
        [Service]\nType=simple\nUser=www-data\nExecStartPre=/usr/bin/install -d -o www-data /run/web\n\
        ExecStart=/usr/bin/webd --config /etc/web/%N.conf \"a b\" $OPTIONS\nRestart=on-failure\nRestartSec=5min 20s\n\n"
        .to_owned();
    for at in 0..40 {
        text.push_str(&format!("Environment=\"VARIABLE_{at}=value number {at}\"\n"));
    }
    text + "CapabilityBoundingSet=CAP_NET_BIND_SERVICE\nProtectSystem=strict\nLimitNOFILE=65536\n\n[Install]\nWantedBy=multi-user.target\n"
}

/// A supervisord.conf with so many programs, six lines each.
fn programs(count: usize) -> String {
    let program = |at| {
        format!(
            "[program:worker{at}]\ncommand=/srv/app/worker --number %(process_num)d --log-level info\nautorestart=true\n\
             environment=HOME=\"/srv/app\",QUEUE=\"q{at}\"\nstdout_logfile=/var/log/worker{at}.log\n\n"
        )
    };
    "[supervisord]\n\n".to_owned() + &(0..count).map(program).collect::<String>()
}

/// An empty line inside of `[Service]`.
fn line_of_gap(text: &str) -> u32 {
    let service = text.lines().position(|line| line == "[Service]").expect("a section");
    text.lines().skip(service).position(str::is_empty).expect("an empty line") as u32 + service as u32
}

/// A folder of so many units.
fn workspace(input: &Input) -> PathBuf {
    let folder = input.small.ancestors().nth(2).expect("the scratch directory").join("workspace");
    fs::create_dir_all(&folder).expect("a folder can be made");
    for (at, unit) in input.unique.iter().cycle().take(FILES).enumerate() {
        let name = unit.file_name().and_then(|name| name.to_str()).expect("a name");
        let to = folder.join(if at < input.unique.len() { name.to_owned() } else { format!("copy{at}-{name}") });
        fs::copy(unit, to).expect("a file can be copied");
    }
    folder
}

fn capabilities() -> Value {
    json!({"textDocument": {"hover": {"contentFormat": ["markdown"]}, "completion": {"completionItem": {"snippetSupport": true}}}})
}

fn timed(act: impl FnOnce()) -> Duration {
    let start = Instant::now();
    act();
    start.elapsed()
}

fn samples(times: usize, mut one: impl FnMut() -> Duration) -> Vec<Duration> {
    (0..times).map(|_| one()).collect()
}

fn cell(what: &'static str, mut samples: Vec<Duration>, goal: f64) -> Cell {
    samples.sort();
    let milliseconds = |at: usize| samples[at.min(samples.len() - 1)].as_secs_f64() * 1e3;
    let most = Some(milliseconds(samples.len() * 95 / 100));
    Cell { what, unit: "ms", value: milliseconds(samples.len() / 2), most, goal }
}

fn megabytes(what: &'static str, client: &Client, goal: f64) -> Cell {
    Cell { what, unit: "MiB", value: mebibytes(client), most: None, goal }
}

/// The resident memory of a server.
fn mebibytes(client: &Client) -> f64 {
    let status = fs::read_to_string(format!("/proc/{}/status", client.pid())).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a size");
    let number = line.split_whitespace().next().and_then(|number| number.parse::<f64>().ok());
    number.expect("a number") / 1024.0
}

fn target() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("target/tmp lies in target")
}
