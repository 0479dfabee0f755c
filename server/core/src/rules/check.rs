use super::context::{Index, known, printable, shown};
use super::findings::{MOST_AT_DIRECTIVE, MOST_IN_FILE};
use super::quiet::{Around, Quiet};
use super::supervisord::inline_comment;
use super::{
    ALL, Check, ConfigContext, DirectiveContext, FileContext, Findings, Rule, Target, UnitContext, WorkspaceContext,
};
use crate::diagnostic::{Diagnostic, Tag};
use crate::schema::{self, Empty, FileKind};
use crate::syntax::{Directive, File};
use crate::text::Edit;
use crate::units::supervisord::Config;
use crate::units::{Unit, UnitName, Workspace};
use crate::values::{self, Problem, ProblemKind};

/// Which rules run.
#[derive(Clone, Debug)]
pub struct Selection {
    /// In the order of [`ALL`].
    on: Vec<bool>,
}

impl Default for Selection {
    /// Every rule that isn't optional.
    fn default() -> Self {
        Selection::of(|rule| !rule.optional)
    }
}

impl Selection {
    /// The rules that `wanted` says yes to.
    pub fn of(wanted: impl Fn(&Rule) -> bool) -> Self {
        Selection { on: ALL.iter().map(|rule| wanted(rule)).collect() }
    }

    /// The rules about lines that the reader can't use, whatever they say.
    pub fn of_syntax() -> Self {
        const SYNTAX: [&str; 8] = [
            "assignment-outside-section",
            "bad-section-name",
            "dangling-backslash",
            "invalid-utf-8",
            "line-too-long",
            "missing-equals",
            "missing-key",
            "unclosed-section-header",
        ];
        Selection::of(|rule| SYNTAX.contains(&rule.name))
    }

    /// Whether `rule` runs.
    pub fn contains(&self, rule: &Rule) -> bool {
        self.rules().any(|on| on.name == rule.name)
    }

    fn rules(&self) -> impl Iterator<Item = &'static Rule> {
        ALL.iter().zip(&self.on).filter(|(_, on)| **on).map(|(rule, _)| *rule)
    }
}

/// Runs the rules that look at directives and at single files.
pub fn check_file(
    file: &File,
    kind: FileKind,
    unit: Option<&UnitName>,
    drop_in: bool,
    target: Target,
    selection: &Selection,
) -> Vec<Diagnostic> {
    check_file_again(file, kind, unit, drop_in, target, selection, None)
}

/// The same as [`check_file`], but passes over the directives that were found all right before.
pub fn check_file_again(
    file: &File,
    kind: FileKind,
    unit: Option<&UnitName>,
    drop_in: bool,
    target: Target,
    selection: &Selection,
    mut quiet: Option<&mut Quiet>,
) -> Vec<Diagnostic> {
    let mut findings = Findings::new();
    let mut entries = Vec::with_capacity(file.directives.len());
    for section in &file.sections {
        let known = known(kind, &section.name);
        entries.extend(file.directives_of(section).iter().map(|directive| known?.get(&directive.key)));
    }
    let index = Index::new(file, &entries);
    let cx = FileContext { file, kind, unit, drop_in, entries: &entries, index: &index, target };
    let mut directive_rules = Vec::new();
    let mut value_rules = Vec::new();
    for rule in selection.rules() {
        match rule.check(file.dialect) {
            Some(Check::Directive(check)) => directive_rules.push(check),
            Some(Check::Value(kind)) => value_rules.push((kind, rule)),
            Some(Check::File(check)) => check(&cx, &mut findings),
            Some(Check::Unit(_) | Check::Workspace(_) | Check::Config(_) | Check::Other) | None => {}
        }
    }
    let count = directive_rules.len();
    // A rule that has found too much already is silent about what comes.
    let limited = |findings: &Findings, rules: &[_]| rules.len() < count || findings.len() >= MOST_IN_FILE;
    let mut problems = Vec::new();
    // A value that a comment cuts is wrong for that.
    let cut = kind == FileKind::Supervisord && selection.contains(&inline_comment::RULE);
    for section in &file.sections {
        let around = Around::of(&cx, &section.name);
        for at in section.directives.clone() {
            let directive = &file.directives[at];
            let entry = entries[at];
            let cx = DirectiveContext { file: &cx, section, directive, entry };
            let key = quiet.as_deref().and_then(|_| Quiet::key(&around, &cx));
            if key.zip(quiet.as_deref()).is_some_and(|(key, quiet)| quiet.contains(key)) {
                continue;
            }
            let before = findings.len();
            directive_rules.retain(|check| {
                let before = findings.len();
                check(&cx, &mut findings);
                if findings.len() > before {
                    findings.shorten(before);
                    return !findings.is_full();
                }
                true
            });
            if let (Some(entry), false) = (entry, value_rules.is_empty()) {
                check_value(&cx, entry, &mut problems);
                if !problems.is_empty() && cut && inline_comment::is_cut(&cx) {
                    problems.retain(|problem| problem.kind != ProblemKind::Refused);
                }
                shorten(&mut problems);
                for problem in problems.drain(..) {
                    if let Some((_, rule)) = value_rules.iter().find(|(kind, _)| *kind == problem.kind) {
                        findings.push(finding(rule, directive, problem));
                    }
                }
            }
            let silent = findings.len() == before && !limited(&findings, &directive_rules);
            if let (Some(key), Some(quiet), true) = (key, quiet.as_deref_mut(), silent) {
                quiet.insert(key);
            }
        }
    }
    findings.settle();
    findings.into()
}

/// Runs the rules that look at a unit with its drop-ins.
///
/// They are silent about one that couldn't be read to its end: what they miss may stand there.
pub fn check_unit(unit: &Unit, target: Target, selection: &Selection) -> Vec<Diagnostic> {
    let mut findings = Findings::new();
    if unit.is_cut_off() {
        return findings.into();
    }
    let cx = UnitContext { unit, target };
    for rule in selection.rules() {
        if let Some(Check::Unit(check)) = rule.systemd {
            check(&cx, &mut findings);
        }
    }
    findings.into()
}

/// Runs the rules that look at all units together.
pub fn check_workspace(workspace: &Workspace, selection: &Selection) -> Vec<Diagnostic> {
    let mut findings = Findings::new();
    let cx = WorkspaceContext::new(workspace);
    for rule in selection.rules() {
        if let Some(Check::Workspace(check)) = rule.systemd {
            check(&cx, &mut findings);
        }
    }
    findings.into()
}

/// Runs the rules that look at all files of the configuration of one supervisord.
///
/// [`Diagnostic::file`] is the index in [`Config::files`]. `complete` says that none of its files is
/// missing and that the first one is where supervisord begins; if not, what isn't there is not missed.
pub fn check_config(config: &Config, complete: bool, target: Target, selection: &Selection) -> Vec<Diagnostic> {
    let mut findings = Findings::new();
    let cx = ConfigContext { config, complete, target };
    for rule in selection.rules() {
        if let Some(Check::Config(check)) = rule.supervisord {
            check(&cx, &mut findings);
        }
    }
    findings.into()
}

fn check_value(cx: &DirectiveContext, entry: &'static schema::Directive, problems: &mut Vec<Problem>) {
    let text = cx.directive.value.text();
    if !text.is_empty() {
        values::check(text, &cx.file.value_context(entry), problems);
    } else if entry.empty == Empty::Refused {
        problems.push(Problem::refused(Default::default(), format!("{}= needs a value", entry.name)));
    }
}

/// Of many problems of a kind in one value, keeps the first and says how many more there are.
fn shorten(problems: &mut Vec<Problem>) {
    if problems.len() <= MOST_AT_DIRECTIVE + 1 {
        return;
    }
    for kind in [ProblemKind::Refused, ProblemKind::Deprecated, ProblemKind::Doubtful, ProblemKind::Expansion] {
        let count = problems.iter().filter(|problem| problem.kind == kind).count();
        let more = count.saturating_sub(MOST_AT_DIRECTIVE);
        let mut seen = 0;
        problems.retain_mut(|problem| {
            seen += usize::from(problem.kind == kind);
            if more > 1 && problem.kind == kind && seen == MOST_AT_DIRECTIVE + 1 {
                let message = format!("{more} more of these follow in this value");
                *problem = Problem { kind, ..Problem::refused(problem.span, message) };
            }
            problem.kind != kind || more < 2 || seen <= MOST_AT_DIRECTIVE + 1
        });
    }
}

/// A problem inside a value as a finding in the file.
fn finding(rule: &Rule, directive: &Directive, problem: Problem) -> Diagnostic {
    let span = if directive.value.text().is_empty() { directive.span } else { directive.value.source(problem.span) };
    let mut finding = rule.at(span, printable(problem.message));
    if problem.kind == ProblemKind::Deprecated {
        finding = finding.tag(Tag::Deprecated);
    }
    if let Some((text, certain)) = problem.replacement {
        let title = format!("Replace with \"{}\"", shown(&text));
        let edits = vec![Edit::replace(span, text)];
        // Over several lines there may be comments in it.
        let one_line = span.len() == problem.span.len();
        finding = if certain && one_line { finding.fix(title, edits) } else { finding.suggestion(title, edits) };
    }
    finding
}
