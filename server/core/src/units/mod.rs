//! What the service manager holds in memory: a unit file with its drop-ins,
//! instance and resets applied, every value still knowing its place.

mod name;
mod unit;
mod workspace;

pub use name::UnitName;
pub use unit::{Setting, Unit};
pub use workspace::Workspace;
