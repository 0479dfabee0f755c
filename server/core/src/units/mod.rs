//! What the service manager holds in memory: a unit file with its drop-ins,
//! instance and resets applied, every value still knowing its place.

mod escape;
mod foreign;
pub mod load_path;
mod name;
mod role;
mod summary;
pub mod supervisord;
mod unit;
mod workspace;

pub use escape::{escape, escape_path, unescape, unescape_path};
pub(crate) use escape::{unescape_path_to, unescape_to};
pub use foreign::{is_foreign, is_supervisord, kind_of_text};
pub use load_path::LoadPath;
pub(crate) use name::is_allowed;
pub use name::{MAX_NAME, NameProblem, UnitName};
pub use role::{LinkFolder, Owner, Role};
pub use summary::{Edge, EdgeKind, Summary};
pub(crate) use unit::resolve;
pub use unit::{Origin, Reference, Setting, Unit};
pub use workspace::{FileFacts, Workspace};
