//! The command line of svlsp.

fn main() {}
