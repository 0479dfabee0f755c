//! Reads, checks and explains unit files.
//!
//! Everything here is a pure function of its arguments: no file, clock,
//! environment or network is touched, and no editor protocol is known.
//! The way through it is one line: bytes → [`syntax::File`] → [`units::Unit`]
//! → [`diagnostic::Diagnostic`]s of the [`rules`].

pub mod backends;
pub mod diagnostic;
pub mod fate;
pub mod features;
pub mod plan;
pub mod rules;
pub mod schema;
pub mod syntax;
pub mod text;
pub mod units;
pub mod values;
