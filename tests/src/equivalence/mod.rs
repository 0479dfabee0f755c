//! The same units under systemd and under the generated directories, each in a world of its own;
//! the same for configurations of supervisord.
//!
//! [`case`] reads what to try, [`world`] makes the namespaces, [`supervisor`] and its
//! kinds know how to start and stop, [`drive`] goes through a case's script,
//! [`transcript`] is what was seen, [`compare`] finds what differs.

pub mod case;
pub mod compare;
pub mod convert;
pub mod drive;
pub mod events;
pub mod job;
pub mod proof;
pub mod run;
pub mod runit;
pub mod s6;
pub mod supervisor;
pub mod supervisord;
pub mod systemd;
pub mod table;
pub mod transcript;
pub mod world;
