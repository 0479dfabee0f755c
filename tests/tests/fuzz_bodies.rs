//! The bodies of the fuzz targets on some random inputs; `cargo xtask fuzz` runs them for longer.

use proptest::prelude::*;
use svlsp_tests::{bodies, configurations, outlines, samples};

/// Bytes, most of them such as unit files are made of.
fn unit_like() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => proptest::sample::select(PIECES).prop_map(|piece| piece.as_bytes().to_vec()),
        4 => proptest::sample::select(samples::seed_file("any")).prop_map(String::into_bytes),
        1 => any::<String>().prop_map(String::into_bytes),
        1 => proptest::collection::vec(any::<u8>(), 0..8),
        1 => Just(vec![0xff]),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

const PIECES: &[&str] = &[
    "\n",
    "\n",
    "\n",
    "\r\n",
    "\\\n",
    " \\\n",
    "\\ \n",
    "=",
    "=",
    " = ",
    " ",
    "\t",
    "#",
    "; ",
    "[",
    "]",
    "[Unit]\n",
    "[Service]\n",
    "[Install]\n",
    "[Timer]\n",
    "[Socket]\n",
    "[X-A]\n",
    "ExecStart=",
    "ExecStart=/bin/sh -c '",
    "Environment=",
    "After=",
    "OnCalendar=",
    "Type=",
    "Restart=",
    "User=",
    "\"",
    "'",
    "%i",
    "${A}",
    "$A",
    "\u{feff}",
    "\0",
    "\u{a0}",
    "# svlsp: ignore[invalid-value]\n",
    "# svlsp: ignore-file[unknown-directive]\n",
];

/// Texts such as configurations of supervisord are made of.
fn supervisord_like() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => proptest::sample::select(SUPERVISORD).prop_map(str::to_owned),
        1 => any::<String>(),
        1 => proptest::sample::select(PIECES).prop_map(str::to_owned),
    ]
}

const SUPERVISORD: &[&str] = &[
    "\n",
    "\n",
    "\n",
    "\n  ",
    " ; c",
    " # c\r\n",
    "[supervisord]\n",
    "[program:a]\n",
    "[program:b]\ncommand=b\n",
    "[group:g]\nprograms=a,b\n",
    "[fcgi-program:f]\nsocket=unix:///a\n",
    "[eventlistener:e]\nevents=TICK_5\n",
    "[include]\nfiles=",
    "[DEFAULT]\n",
    "command=",
    "numprocs=2\nprocess_name=%(process_num)02d\n",
    "environment=A=\"b\",",
    "stdout_logfile: ",
    "%(here)s",
    "%(ENV_X)s",
    "%%",
    "%",
    "'",
    "\"",
    "\u{2003}",
    "é",
];

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// What the fuzzer found once.
#[test]
fn old_findings_stay_mended() {
    for bytes in [&b"\0[][]\\"[..], b"[\\?\\\0]", b"[\0\\=\\ "] {
        bodies::parse(bytes);
    }
}

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn parse(bytes in unit_like()) {
        bodies::parse(&bytes);
    }

    #[test]
    fn parse_anything(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        bodies::parse(&bytes);
    }

    #[test]
    fn supervisord(number in 0..2000usize, pieces in proptest::collection::vec(supervisord_like(), 0..40)) {
        bodies::supervisord(pieces.concat().as_bytes());
        let files = configurations::configuration(number);
        let texts: Vec<&[u8]> = files.iter().map(|(_, text)| text.as_bytes()).collect();
        bodies::supervisord(&texts.join(&0xff));
    }

    #[test]
    fn supervisord_anything(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        bodies::supervisord(&bytes);
    }

    #[test]
    fn values(choice in any::<[u8; 3]>(), bytes in unit_like()) {
        bodies::values(&[&choice[..], &bytes].concat());
    }
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn outlines(name in any::<u8>(), bytes in unit_like()) {
        outlines::outlines(&[&[name], &bytes[..]].concat());
    }

    #[test]
    fn check(name in any::<u8>(), bytes in unit_like()) {
        bodies::check(&[&[name], &bytes[..]].concat());
    }
}
