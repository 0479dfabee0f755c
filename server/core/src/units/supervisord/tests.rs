use super::*;
use crate::syntax::supervisord::scan;

/// The processes, groups and sockets of a configuration of these files.
fn names(texts: &[&str]) -> Vec<String> {
    let files: Vec<_> = texts.iter().map(|text| scan(text)).collect();
    let config = Config::new(&files, &Around::default());
    config.units().iter().map(|unit| unit.name.as_str().to_owned()).collect()
}

#[test]
fn programs_multiply() {
    let text = "[program:web]\ncommand=a\nnumprocs=2\nprocess_name=%(program_name)s_%(process_num)02d\n";
    assert_eq!(names(&[text]), ["web_00.service", "web_01.service"]);
}

#[test]
fn groups_take_their_programs() {
    let main = "[program:a]\ncommand=a\n[group:g]\nprograms=b, a\n";
    assert_eq!(names(&[main, "[program:b]\ncommand=b\n"]), ["b.service", "a.service", "g.target"]);
}

#[test]
fn too_many_processes_are_not_made() {
    let text = "[supervisord]\n[program:a]\ncommand=a\nnumprocs=1000000000\nprocess_name=%(process_num)d\n";
    let files = [crate::syntax::supervisord::scan(text)];
    let config = Config::new(&files, &Around::default());
    assert!(config.parts.len() < 10, "{}", config.parts.len());
    assert!(config.problems.iter().any(|problem| problem.message.contains("more processes")), "{:?}", config.problems);
}
