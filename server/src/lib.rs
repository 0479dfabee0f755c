//! The svlsp program: its command line, and what it needs of the disk.
//!
//! `workspace` finds and reads files, `report` writes findings, `cli` has one
//! file for each subcommand, `lsp` is the language server. What is right or wrong in a unit file is decided
//! in `svlsp_core` alone.

pub mod cli;
pub mod lsp;
pub mod report;
pub mod workspace;
