//! Shared helpers of the tests that need the whole program or a real program beside it.
