//! The language server as a client that isn't ours sees it; see tests/pytest_lsp.

use std::path::Path;
use std::process::Command;

use svlsp_tests::product;

#[test]
fn an_independent_client_gets_what_is_announced() {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("target/tmp lies in target");
    let python = target.join("tools/python/bin/python");
    assert!(python.exists(), "{} is missing: `cargo xtask test` installs it", python.display());
    let output = Command::new(python)
        .args(["-m", "pytest", "-q", "-p", "no:cacheprovider", "--color=no", "pytest_lsp"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("SVLSP", product::binary())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .expect("pytest runs");
    let text = String::from_utf8_lossy(&output.stdout);
    println!("{text}{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "pytest: {}", output.status);
    assert!(text.contains(" passed"), "no test has run");
}
