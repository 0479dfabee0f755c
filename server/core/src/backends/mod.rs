//! Writing a service for another supervisor.

pub mod quote;
