//! The rules for supervisord.conf alone, after what `ServerOptions` of
//! `supervisor/options.py` refuses and what its processes then do.

pub(super) mod backslash_in_command;
pub(super) mod bad_expansion;
pub(super) mod bad_name;
pub(super) mod daemonizing_program;
pub(super) mod duplicate_name;
pub(super) mod group_programs;
pub(super) mod incomplete_credentials;
pub(super) mod inline_comment;
pub(super) mod listener_redirect;
pub(super) mod log_files;
pub(super) mod missing_include;
pub(super) mod missing_process_num;
pub(super) mod missing_section;
pub(super) mod nested_include;
pub(super) mod open_server;
pub(super) mod refused_configuration;
pub(super) mod relative_command;
pub(super) mod stop_conflict;
pub(super) mod text_after_header;
pub(super) mod users;
