//! Reads, checks and explains unit files: the pure core of svlsp.
