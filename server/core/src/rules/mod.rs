//! What svlsp finds wrong: one file a rule.
//!
//! A rule looks at one directive, one file, one unit (a file with its
//! drop-ins), the whole workspace or the whole configuration of a
//! supervisord, and reports [`Diagnostic`]s.
//! [`ALL`] lists them; documentation, configuration and `explain` are made
//! from that list.

mod accidental_specifier;
mod advice;
mod alias_clash;
mod api_mount;
mod assignment_outside_section;
mod backend;
mod backslash_before_blank;
mod bad_alias;
mod bad_section_name;
mod bad_unit_name;
mod check;
mod config_context;
mod context;
mod contradictory_dependency;
mod credentials_race;
mod dangling_backslash;
mod dependency_link;
mod dependency_reset;
mod deprecated_directive;
mod deprecated_value;
mod directive_too_new;
mod doubtful_condition;
mod doubtful_value;
mod duplicate_setting;
mod empty_file;
mod empty_install;
mod file_mode;
mod file_too_large;
mod findings;
mod forking_without_pid_file;
mod instance_specifier;
mod invalid_ignore;
mod invalid_utf_8;
mod invalid_value;
mod invisible_character;
mod line_too_long;
mod manager_specifier;
mod missing_equals;
mod missing_key;
mod missing_partner;
mod missing_setting;
mod misspelt_target;
mod network_online_not_wanted;
mod no_effect;
mod nul_byte;
mod oneshot_conflict;
mod ordering_cycle;
mod orphan_drop_in;
mod pam_kill_mode;
mod pid_file_without_forking;
mod quiet;
mod removed_directive;
mod requirement_without_order;
mod self_dependency;
mod several_exec_start;
mod shell_builtin;
mod shell_syntax;
mod socket_conflict;
mod supervisord;
mod suppress;
mod swallowed_line;
mod system_target;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod trailing_comment;
mod typographic_quotes;
mod unclosed_section_header;
mod unit_context;
mod unknown_directive;
mod unknown_section;
mod unknown_unit;
mod unquoted_script;
mod unused_ignore;
mod variable_in_environment;
mod variable_in_program;
mod where_mismatch;
mod workspace_context;
mod wrong_section;

pub use backend::check_backends;
pub use check::{Selection, check_config, check_file, check_file_again, check_unit, check_workspace};
pub use file_too_large::{MAX_EDITED, MAX_FILE, file_too_large, only_syntax};
pub use findings::Findings;
pub use quiet::Quiet;
pub(crate) use shell_syntax::wrapped;
pub use suppress::{Suppressions, silenced};

use std::collections::{HashMap, HashSet};

use crate::diagnostic::{Diagnostic, Severity};
use crate::schema::{self, FileKind, Manager, Version};
use crate::syntax::{self, Dialect, File};
use crate::text::Span;
use crate::units::supervisord::Config;
use crate::units::{Unit, UnitName, Workspace};
use crate::values::ProblemKind;
use context::Index;

/// Every rule, sorted by name.
pub static ALL: &[&Rule] = &[
    &accidental_specifier::RULE,
    &alias_clash::RULE,
    &api_mount::RULE,
    &assignment_outside_section::RULE,
    &backend::APPROXIMATED,
    &backend::LOST,
    &backslash_before_blank::RULE,
    &supervisord::backslash_in_command::RULE,
    &bad_alias::RULE,
    &supervisord::bad_expansion::RULE,
    &supervisord::bad_name::RULE,
    &bad_section_name::RULE,
    &bad_unit_name::RULE,
    &supervisord::open_server::CLEAR,
    &contradictory_dependency::RULE,
    &credentials_race::RULE,
    &supervisord::daemonizing_program::RULE,
    &dangling_backslash::RULE,
    &dependency_link::RULE,
    &dependency_reset::RULE,
    &deprecated_directive::RULE,
    &deprecated_value::RULE,
    &directive_too_new::RULE,
    &doubtful_condition::RULE,
    &doubtful_value::RULE,
    &supervisord::duplicate_name::RULE,
    &duplicate_setting::RULE,
    &empty_file::RULE,
    &empty_install::RULE,
    &several_exec_start::NOT_RESET,
    &file_mode::RULE,
    &file_too_large::RULE,
    &forking_without_pid_file::RULE,
    &supervisord::group_programs::RULE,
    &supervisord::incomplete_credentials::RULE,
    &supervisord::inline_comment::RULE,
    &instance_specifier::RULE,
    &invalid_ignore::RULE,
    &invalid_utf_8::RULE,
    &invalid_value::RULE,
    &invisible_character::RULE,
    &line_too_long::RULE,
    &supervisord::listener_redirect::RULE,
    &manager_specifier::RULE,
    &advice::MISSING_DESCRIPTION,
    &advice::MISSING_DOCUMENTATION,
    &missing_equals::RULE,
    &supervisord::missing_include::RULE,
    &missing_key::RULE,
    &missing_partner::RULE,
    &supervisord::missing_process_num::RULE,
    &advice::MISSING_RESTART,
    &supervisord::missing_section::RULE,
    &missing_setting::RULE,
    &supervisord::users::MISSING,
    &misspelt_target::RULE,
    &supervisord::nested_include::RULE,
    &network_online_not_wanted::RULE,
    &no_effect::RULE,
    &nul_byte::RULE,
    &oneshot_conflict::RULE,
    &supervisord::open_server::OPEN,
    &ordering_cycle::RULE,
    &orphan_drop_in::RULE,
    &pam_kill_mode::RULE,
    &pid_file_without_forking::RULE,
    &supervisord::refused_configuration::RULE,
    &supervisord::relative_command::RULE,
    &removed_directive::RULE,
    &requirement_without_order::RULE,
    &supervisord::log_files::ROTATED_DEVICE,
    &self_dependency::RULE,
    &several_exec_start::RULE,
    &supervisord::log_files::SHARED,
    &shell_builtin::RULE,
    &shell_syntax::RULE,
    &socket_conflict::RULE,
    &supervisord::stop_conflict::RULE,
    &swallowed_line::RULE,
    &system_target::RULE,
    &supervisord::text_after_header::RULE,
    &trailing_comment::RULE,
    &typographic_quotes::RULE,
    &supervisord::open_server::UNANSWERED,
    &unclosed_section_header::RULE,
    &unknown_directive::RULE,
    &unknown_section::RULE,
    &unknown_unit::RULE,
    &unquoted_script::RULE,
    &supervisord::log_files::UNROTATED,
    &unused_ignore::RULE,
    &supervisord::users::WITHOUT_ROOT,
    &variable_in_environment::RULE,
    &variable_in_program::RULE,
    &where_mismatch::RULE,
    &supervisord::open_server::WRITABLE,
    &wrong_section::RULE,
];

/// One thing that can be wrong.
#[derive(Debug)]
pub struct Rule {
    /// The kebab-case name that users see, select and suppress.
    pub name: &'static str,
    /// How bad its findings are, most of the time.
    pub severity: Severity,
    /// Whether it only runs when it is selected by name.
    pub optional: bool,
    /// What it finds, why that matters, an example, the fix; Markdown.
    pub doc: &'static str,
    /// How it looks at units and their files; `None` if it is for supervisord.conf alone.
    pub systemd: Option<Check>,
    /// How it looks at supervisord.conf; `None` if it is for units alone.
    pub supervisord: Option<Check>,
}

/// How far a rule looks, and its function.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// At one value: the problems of this kind that its type's parser finds.
    Value(ProblemKind),
    /// At one directive; an edit elsewhere doesn't matter to it.
    Directive(fn(&DirectiveContext, &mut Findings)),
    /// At one file.
    File(fn(&FileContext, &mut Findings)),
    /// At a unit file together with its drop-ins.
    Unit(fn(&UnitContext, &mut Findings)),
    /// At all units there are.
    Workspace(fn(&WorkspaceContext, &mut Findings)),
    /// At all files of one supervisord's configuration.
    Config(fn(&ConfigContext, &mut Findings)),
    /// At none of these: the reader of files or comments for us finds it, or [`check_backends`].
    Other,
}

/// What the user wants units to be checked for.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The systemd that shall read them.
    pub version: Version,
    /// Whose units they are.
    pub manager: Manager,
}

/// What a rule sees of one file.
#[derive(Debug)]
pub struct FileContext<'a> {
    /// The file.
    pub file: &'a File<'a>,
    /// What it is, by its name.
    pub kind: FileKind,
    /// The unit that it defines or adds to, where that is a single one.
    pub unit: Option<&'a UnitName>,
    /// Whether it is a drop-in.
    pub drop_in: bool,
    /// The known directive behind each of [`File::directives`], if there is one.
    pub entries: &'a [Option<&'static schema::Directive>],
    /// Where sections end and what is assigned to.
    index: &'a Index<'a>,
    /// For whom it is checked.
    pub target: Target,
}

/// What a rule sees of one directive.
#[derive(Debug)]
pub struct DirectiveContext<'a> {
    /// The file it stands in.
    pub file: &'a FileContext<'a>,
    /// The section it stands in.
    pub section: &'a syntax::Section<'a>,
    /// The directive as written.
    pub directive: &'a syntax::Directive<'a>,
    /// The directive as known; `None` if there is none of this name here.
    pub entry: Option<&'static schema::Directive>,
}

/// What a rule sees of one unit.
#[derive(Debug)]
pub struct UnitContext<'a> {
    /// The unit, drop-ins applied.
    pub unit: &'a Unit<'a>,
    /// For whom it is checked.
    pub target: Target,
}

/// What a rule sees of all units.
#[derive(Debug)]
pub struct WorkspaceContext<'a> {
    /// All units and files.
    pub workspace: &'a Workspace,
    /// Where each name and alias is in [`Workspace::units`].
    names: HashMap<&'a str, usize>,
    /// The names that units get when they are enabled.
    installed: HashSet<&'a str>,
}

/// What a rule sees of the configuration of one supervisord.
#[derive(Debug)]
pub struct ConfigContext<'a> {
    /// All its files, put together.
    pub config: &'a Config<'a>,
    /// Whether none of its files is missing and the first one is where supervisord begins.
    pub complete: bool,
    /// For whom it is checked.
    pub target: Target,
}

impl Rule {
    /// What it looks at, for people.
    pub fn subject(&self) -> &'static str {
        match (self.systemd, self.supervisord) {
            (Some(_), Some(_)) => "units and supervisord.conf",
            (None, Some(_)) => "supervisord.conf",
            (_, None) => "units",
        }
    }

    /// How it looks at files of `dialect`, if it does.
    pub fn check(&self, dialect: Dialect) -> Option<Check> {
        match dialect {
            Dialect::Systemd => self.systemd,
            Dialect::Supervisord => self.supervisord,
        }
    }

    /// A finding of this rule in the first file.
    pub fn at(&self, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(self.name, self.severity, span, message)
    }
}

/// The rule called `name`.
pub fn get(name: &str) -> Option<&'static Rule> {
    ALL.binary_search_by(|rule| rule.name.cmp(name)).ok().map(|at| ALL[at])
}
