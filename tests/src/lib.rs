//! Shared helpers of the tests that need the whole program or a real program beside it.

pub mod bodies;
pub mod calendar_events;
pub mod configurations;
pub mod corpus;
pub mod equivalence;
pub mod formatting;
pub mod lsp;
pub mod neovim;
pub mod nosh;
pub mod oracle;
pub mod outlines;
pub mod product;
pub mod random;
pub mod s6rc;
pub mod samples;
pub mod scripts;
pub mod started;
pub mod terminal;
pub mod tools;
pub mod tree;
pub mod words;
