use super::super::context::shown;
use super::super::{DirectiveContext, Findings, wrong_section};
use super::{RULE, renamed};
use crate::schema::{self, Section};
use crate::syntax::Directive;
use crate::text::Edit;
use crate::values::supervisord::Kind;

/// What people write who come from other supervisors or from supervisor 2, or remember half.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("auto_restart", "autorestart"),
    ("auto_start", "autostart"),
    ("chdir", "directory"),
    ("cmd", "command"),
    ("cwd", "directory"),
    ("dir", "directory"),
    ("env", "environment"),
    ("environments", "environment"),
    ("exec", "command"),
    ("exit_codes", "exitcodes"),
    ("file", "files"),
    ("instances", "numprocs"),
    ("kill_timeout", "stopwaitsecs"),
    ("killsignal", "stopsignal"),
    ("log_stderr", "redirect_stderr"),
    ("logfile", "stdout_logfile"),
    ("logfile_backups", "stdout_logfile_backups"),
    ("logfile_maxbytes", "stdout_logfile_maxbytes"),
    ("path", "directory"),
    ("process_num", "numprocs"),
    ("processes", "numprocs"),
    ("restart", "autorestart"),
    ("retries", "startretries"),
    ("stderr", "stderr_logfile"),
    ("stderr_log", "stderr_logfile"),
    ("stderr_logfile_maxsize", "stderr_logfile_maxbytes"),
    ("stderr_logfiles", "stderr_logfile"),
    ("stdout", "stdout_logfile"),
    ("stdout_log", "stdout_logfile"),
    ("stdout_logfile_maxsize", "stdout_logfile_maxbytes"),
    ("stdout_logfiles", "stdout_logfile"),
    ("stop_signal", "stopsignal"),
    ("stop_wait_secs", "stopwaitsecs"),
    ("stoptimeout", "stopwaitsecs"),
    ("username", "user"),
    ("workdir", "directory"),
    ("working_dir", "directory"),
    ("working_directory", "directory"),
    ("workingdir", "directory"),
    ("workingdirectory", "directory"),
];

/// The same for supervisord.conf.
pub(super) fn check(cx: &DirectiveContext, findings: &mut Findings) {
    let key = &*cx.directive.key;
    let Some(section) = cx.file.known(&cx.section.name) else { return };
    if cx.entry.is_some() || section.open || key.starts_with('[') {
        return;
    }
    let meant = Meant::by(cx, section);
    if matches!(meant, Meant::Nothing) && wrong_section::supervisord_homes(cx).is_some() {
        return;
    }
    let message = format!("unknown key {}= in section [{}]", shown(key), shown(&cx.section.name));
    let finding = RULE.at(cx.directive.key_span, message);
    findings.push(match meant {
        Meant::Continuation(before) => {
            let line = cx.file.file.line(cx.directive.span.start);
            let edits = vec![Edit::insert(line.start as usize, "    ")];
            let help = format!("to go on with {}= above, indent the line", before.key);
            finding.help(help).suggestion("Indent the line", edits)
        }
        Meant::Key(name, sure) => renamed(finding.help(format!("did you mean {name}=?")), cx, name, sure),
        Meant::Nothing => match schema::nearest(key, section.directives().map(|directive| directive.name)) {
            Some(near) => renamed(finding.help(format!("did you mean {near}=?")), cx, near, false),
            None => finding,
        },
    });
}

/// What a key that isn't known was almost surely meant to be.
enum Meant<'a> {
    /// A line of the value above.
    Continuation(&'a Directive<'a>),
    /// A key of this section, and whether it differs by a slip only.
    Key(&'static str, bool),
    Nothing,
}

impl<'a> Meant<'a> {
    fn by(cx: &DirectiveContext<'a>, section: &'static Section) -> Self {
        let key = &*cx.directive.key;
        if let Some(before) = unfinished(cx) {
            return Meant::Continuation(before);
        }
        let nearest = schema::nearest(key, section.directives().map(|directive| directive.name));
        if let Some(near) = nearest.filter(|near| schema::is_slip(key, near)) {
            return Meant::Key(near, true);
        }
        let other = OTHER_NAMES.binary_search_by(|(name, _)| (*name).cmp(key)).ok().map(|at| OTHER_NAMES[at].1);
        other.filter(|meant| section.get(meant).is_some()).map_or(Meant::Nothing, |meant| Meant::Key(meant, false))
    }
}

/// Whether an unknown key was meant for the section that it stands in.
pub(in super::super) fn is_misspelt(cx: &DirectiveContext) -> bool {
    cx.file.known(&cx.section.name).is_some_and(|section| !matches!(Meant::by(cx, section), Meant::Nothing))
}

/// The list or command line above that the line was likely meant to go on with.
fn unfinished<'a>(cx: &DirectiveContext<'a>) -> Option<&'a Directive<'a>> {
    let all = cx.file.file.directives_of(cx.section);
    let at = all.partition_point(|directive| directive.span.start < cx.directive.span.start);
    for before in all[..at].iter().rev().take(50) {
        let text = before.value.text();
        let open = text.ends_with([',', '\\']);
        match cx.file.kind_of(cx.section, before) {
            Some(Kind::Environment) => return (open || text.is_empty()).then_some(before),
            Some(Kind::Command) => return text.ends_with('\\').then_some(before),
            Some(_) => return None,
            None if open => {}
            None => return None,
        }
    }
    None
}
