#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| svlsp_tests::bodies::supervisord(bytes));
