//! Where a file names units.

use crate::schema::{self, FileKind, UnitKind};
use crate::syntax::File;
use crate::text::Span;
use crate::units::{self, UnitName};
use crate::values::boolean;
use crate::values::words::{Style, Words};

/// A place where a unit is named.
#[derive(Clone, Debug)]
pub struct Mention {
    /// The name, specifiers resolved as far as they are known.
    pub name: Box<str>,
    /// As it is written, if that is something else.
    pub written: Option<Box<str>>,
    /// Where: the word, or the header of the section that means the unit without naming it.
    pub span: Span,
    /// The setting that names it.
    pub entry: &'static schema::Directive,
    /// Whether it isn't written at all: the service of a timer that doesn't say which.
    pub implied: bool,
}

/// The units that a file names, in order; `unit` is the one that it defines or adds to, `drop_in`
/// whether it only adds.
pub fn mentions(file: &File, kind: FileKind, unit: Option<&UnitName>, drop_in: bool) -> Vec<Mention> {
    let FileKind::Unit(kind) = kind else { return Vec::new() };
    let mut out = Vec::new();
    for section in &file.sections {
        let Some(known) = schema::section(&section.name).filter(|known| known.belongs_to(kind)) else { continue };
        for directive in file.directives_of(section) {
            let entry = known.get(&directive.key).filter(|entry| entry.value.names_units());
            let Some(entry) = entry else { continue };
            for word in Words::new(directive.value.text(), Style::TUPLES).map_while(Result::ok) {
                let (span, written) = (directive.value.source(word.span), word.text.clone());
                let name = match unit {
                    Some(unit) => units::resolve(word, unit, entry),
                    None => written.clone(),
                };
                let written = (name != written).then(|| written.as_ref().into());
                out.push(Mention { name: name.as_ref().into(), written, span, entry, implied: false });
            }
        }
    }
    out.extend(unit.filter(|_| !drop_in).and_then(|unit| implied(file, unit)));
    out.sort_by_key(|mention| mention.span);
    out
}

/// The service that a socket, timer or path starts if it doesn't say which.
fn implied(file: &File, unit: &UnitName) -> Option<Mention> {
    let said = match unit.kind() {
        UnitKind::Socket => "Service",
        UnitKind::Timer | UnitKind::Path => "Unit",
        _ => return None,
    };
    let title = unit.kind().section()?;
    let entry = schema::section(title)?.get(said)?;
    let header = file.sections.iter().find(|section| section.name == title)?.header;
    let sections = file.sections.iter().filter(|section| section.name == title);
    let mut settings = sections.flat_map(|section| file.directives_of(section));
    let accepts = |text: &str| unit.kind() == UnitKind::Socket && boolean::read(text) == Some(true);
    let explicit = |directive: &crate::syntax::Directive| {
        directive.key == said || directive.key == "Accept" && accepts(directive.value.text())
    };
    if settings.any(explicit) {
        return None;
    }
    let name = unit.sibling(UnitKind::Service).as_str().into();
    Some(Mention { name, written: None, span: header, entry, implied: true })
}

impl Mention {
    /// Whether it names `unit`, or an instance of it where that is a template.
    pub fn is_of(&self, unit: &UnitName) -> bool {
        *self.name == *unit.as_str() || unit.is_template() && self.is_instance_of(unit)
    }

    /// Whether it names an instance of `template`, known or not: `a@%i.service`.
    fn is_instance_of(&self, template: &UnitName) -> bool {
        let (stem, suffix) = self.name.rsplit_once('.').unwrap_or((&self.name, ""));
        let prefix = stem.split_once('@').map(|(prefix, _)| prefix);
        prefix == Some(template.prefix()) && suffix == template.kind().suffix()
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::syntax::scan;

    fn check(name: &str, text: &str, expect: Expect) {
        let unit = UnitName::parse(name).unwrap();
        let mut out = String::new();
        for Mention { name, written, span, entry, implied } in
            mentions(&scan(text), FileKind::Unit(unit.kind()), Some(&unit), false)
        {
            let written = written.map_or(String::new(), |written| format!(", written {written}"));
            let implied = if implied { ", implied" } else { "" };
            let key = entry.name;
            out.push_str(&format!("{key}: {name} {:?}{written}{implied}\n", &text[span]));
        }
        expect.assert_eq(&out);
    }

    #[test]
    fn of_files() {
        check(
            "a@b.service",
            "[Unit]\nAfter=x.service %p.socket \\\n c@%i.service \"d.service\"\nDescription=e.service\n[Install]\nAlso=f.timer\n",
            expect![[r#"
                After: x.service "x.service"
                After: a.socket "%p.socket", written %p.socket
                After: c@b.service "c@%i.service", written c@%i.service
                After: d.service "\"d.service\""
                Also: f.timer "f.timer"
            "#]],
        );
        check(
            "a@.service",
            "[Unit]\nAfter=b@%i.service\n[Service]\nSlice=a.slice\n",
            expect![[r#"
            After: b@%i.service "b@%i.service"
            Slice: a.slice "a.slice"
        "#]],
        );
        check(
            "a.timer",
            "[Timer]\nOnBootSec=1\n",
            expect![[r#"
            Unit: a.service "[Timer]", implied
        "#]],
        );
        check(
            "a.timer",
            "[Timer]\nUnit=b.service\n",
            expect![[r#"
            Unit: b.service "b.service"
        "#]],
        );
        check("a.socket", "[Socket]\nAccept=yes\n", expect![[""]]);
    }

    #[test]
    fn a_template_is_named_by_its_instances() {
        let name = |name: &str| UnitName::parse(name).unwrap();
        let mention = |name: &str| Mention {
            name: name.into(),
            written: None,
            span: Span::default(),
            entry: schema::section("Unit").and_then(|section| section.get("After")).unwrap(),
            implied: false,
        };
        for (said, unit, is) in [
            ("a@b.service", "a@.service", true),
            ("a@%i.service", "a@.service", true),
            ("a@.service", "a@.service", true),
            ("a@b.socket", "a@.service", false),
            ("aa@b.service", "a@.service", false),
            ("a.service", "a@.service", false),
            ("a@b.service", "a@c.service", false),
            ("a.service", "a.service", true),
        ] {
            assert_eq!(mention(said).is_of(&name(unit)), is, "{said} {unit}");
        }
    }
}
