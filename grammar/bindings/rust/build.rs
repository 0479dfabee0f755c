//! Compiles the parsers of both languages into one static library.

fn main() {
    let mut build = cc::Build::new();
    build.std("c11").include("systemd/src");
    // Generated code; and the tests parse megabytes with it.
    build.warnings(false).opt_level(2);
    build.flag_if_supported("-utf-8");
    for language in ["systemd", "supervisord"] {
        let parser = format!("{language}/src/parser.c");
        println!("cargo:rerun-if-changed={parser}");
        build.file(parser);
    }
    build.compile("tree-sitter-svunit");
}
