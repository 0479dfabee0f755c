//! One file a request, or a few that belong together: parameters in, a feature of the core, its
//! answer out.

pub(super) mod code_action;
pub(super) mod code_lens;
pub(super) mod command;
pub(super) mod completion;
pub(super) mod diagnostic;
pub(super) mod format;
pub(super) mod goto;
pub(super) mod highlight;
pub(super) mod hover;
pub(super) mod inlay_hint;
pub(super) mod life;
pub(super) mod outline;
pub(super) mod preview;
pub(super) mod references;
pub(super) mod rename;
pub(super) mod sync;
pub(super) mod tokens;
pub(super) mod units;
