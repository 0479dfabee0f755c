//! What in a file leads to a page.

use super::{Document, supervisord};
use crate::text::Span;
use crate::values::{ValueType, documentation};

/// Something to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Where it stands.
    pub span: Span,
    /// Its URI, for a browser or editor.
    pub target: String,
    /// What it is: "the manual page a(8)"; empty where the URI says all.
    pub title: String,
}

/// Where manual pages are on the web.
const PAGES: &str = "https://manpages.debian.org";

/// The links of `Documentation=`; of supervisord.conf the files and folders that it names.
pub fn links(document: &Document) -> Vec<Link> {
    if document.configured.is_some() {
        return supervisord::links(document);
    }
    let mut links = Vec::new();
    for section in &document.file.sections {
        for directive in document.file.directives_of(section) {
            let entry = document.entry(section, directive);
            let Some(entry) = entry.filter(|entry| matches!(entry.value, ValueType::Documentation)) else { continue };
            for word in documentation::parse(directive.value.text(), &document.context(entry), &mut Vec::new()) {
                if let Some((target, title)) = target(&word.text) {
                    links.push(Link { span: directive.value.source(word.span), target, title });
                }
            }
        }
    }
    links
}

/// What a URI of `Documentation=` leads to, and its title.
fn target(uri: &str) -> Option<(String, String)> {
    let safe = |c: char| c.is_ascii_graphic() && !"\"<>\\^`{|}%".contains(c);
    if !uri.chars().all(safe) {
        return None;
    }
    if let Some(page) = uri.strip_prefix("man:") {
        let (name, section) = page.strip_suffix(')')?.split_once('(')?;
        let plain =
            |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.:+@".contains(c));
        let good = plain(name) && plain(section);
        return good.then(|| (format!("{PAGES}/{name}.{section}"), format!("the manual page {page}")));
    }
    let path = uri.strip_prefix("file:").filter(|path| path.starts_with('/'));
    match path {
        // Some write the path alone behind the scheme.
        Some(path) if !path.starts_with("//") => Some((format!("file://{path}"), String::new())),
        Some(_) => Some((uri.to_owned(), String::new())),
        None => uri.starts_with("http").then(|| (uri.to_owned(), String::new())),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::testing::Open;
    use super::*;

    #[test]
    fn of_documentation() {
        let text = concat!(
            "[Unit]\nDocumentation=man:a.b(8) https://a/b#c file:/x file:///y info:z\n",
            "Documentation=\"http://a b\" man:a%i(1) man:a man:../x(1)\nDescription=https://a\n"
        );
        let mut out = String::new();
        Open::new("a@b.service", text).with(|document| {
            for Link { span, target, title } in links(document) {
                out.push_str(&format!("{} | {target} | {title}\n", &text[span]));
            }
        });
        expect![[r#"
            man:a.b(8) | https://manpages.debian.org/a.b.8 | the manual page a.b(8)
            https://a/b#c | https://a/b#c | 
            file:/x | file:///x | 
            file:///y | file:///y | 
        "#]]
        .assert_eq(&out);
    }
}
