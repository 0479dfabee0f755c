//! A unit gets another name.

use std::borrow::Cow;

use super::Mention;
use crate::units::{self, UnitName};
use crate::values::words::Word;

/// One name that takes the place of another; of a template, also those of its instances.
#[derive(Clone, Copy, Debug)]
pub struct Rename<'a> {
    /// The name that goes.
    pub old: &'a UnitName,
    /// The one that comes.
    pub new: &'a UnitName,
}

/// What becomes of a place where a unit is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rewrite {
    /// Another word.
    Word(String),
    /// A line behind it that says what was implied.
    Line(String),
}

impl<'a> Rename<'a> {
    /// Takes `text` as the new name of `old`.
    ///
    /// # Errors
    ///
    /// What is wrong with it: it isn't valid, or it names another kind of unit.
    pub fn check(old: &UnitName, text: &str) -> Result<UnitName, String> {
        let suffix = old.kind().suffix();
        let new = UnitName::explain(text).map_err(|problem| format!("\"{text}\" is no name of a unit: {problem}"))?;
        let what = |name: &UnitName| match name.instance() {
            None => "a plain name",
            Some("") => "a template",
            Some(_) => "an instance",
        };
        match () {
            () if new.kind() != old.kind() => Err(format!("the suffix \".{suffix}\" has to stay")),
            () if what(&new) != what(old) => {
                Err(format!("{} is {}, {new} is {}", old.as_str(), what(old), what(&new), new = new.as_str()))
            }
            () => Ok(new),
        }
    }

    /// The new name of `unit`, if it gets one.
    pub fn of(&self, unit: &UnitName) -> Option<UnitName> {
        if unit == self.old {
            return Some(self.new.clone());
        }
        unit.template().filter(|template| template == self.old)?;
        self.new.with_instance(unit.instance()?)
    }

    /// What becomes of a mention in a file of `owner`; `exists` says whether there is such a unit.
    pub fn rewrite(
        &self,
        mention: &Mention,
        owner: Option<&UnitName>,
        exists: impl Fn(&str) -> bool,
    ) -> Option<Rewrite> {
        let renamed = owner.and_then(|owner| self.of(owner));
        if mention.implied {
            let target = match mention.is_of(self.old) {
                true => Cow::Borrowed(self.new.as_str()),
                false => Cow::Borrowed(&*mention.name),
            };
            // What is implied goes with the name of the file.
            let needed = renamed.is_some() != mention.is_of(self.old) && exists(&mention.name);
            return needed.then(|| Rewrite::Line(format!("{}={target}", mention.entry.name)));
        }
        if !mention.is_of(self.old) {
            return self.written_of(mention, renamed.as_ref());
        }
        let written = mention.written.as_deref().unwrap_or(&mention.name);
        if let Some(rest) = written
            .strip_prefix(self.old.prefix())
            .filter(|rest| self.old.instance().is_some() && rest.starts_with('@'))
        {
            let whole = if self.old.is_template() {
                format!("{}{rest}", self.new.prefix())
            } else {
                self.new.as_str().to_owned()
            };
            return (whole != written).then_some(Rewrite::Word(whole));
        }
        let wanted = match UnitName::parse(&mention.name) {
            Some(name) => self.of(&name)?.as_str().to_owned(),
            None => return None,
        };
        if let (Some(_), Some(owner)) = (&mention.written, &renamed)
            && resolved(written, owner, mention) == wanted
        {
            return None;
        }
        Some(Rewrite::Word(wanted))
    }

    /// A mention of another unit that is written with the name of the one that is renamed.
    fn written_of(&self, mention: &Mention, renamed: Option<&UnitName>) -> Option<Rewrite> {
        let same = resolved(mention.written.as_deref()?, renamed?, mention) == *mention.name;
        (!same).then(|| Rewrite::Word(mention.name.to_string()))
    }
}

fn resolved(written: &str, owner: &UnitName, mention: &Mention) -> String {
    units::resolve(Word::whole(written), owner, mention.entry).into_owned()
}

#[cfg(test)]
mod tests {
    use super::super::mentions;
    use super::*;
    use crate::schema::FileKind;
    use crate::syntax::scan;

    fn name(name: &str) -> UnitName {
        UnitName::parse(name).unwrap()
    }

    /// What becomes of the mentions in a file of `owner`.
    fn rewritten(owner: &str, text: &str, old: &str, new: &str) -> String {
        let (owner, old, new) = (name(owner), name(old), name(new));
        let rename = Rename { old: &old, new: &new };
        let found = mentions(&scan(text), FileKind::Unit(owner.kind()), Some(&owner), false);
        let rewrites = found.iter().map(|mention| match rename.rewrite(mention, Some(&owner), |_| true) {
            Some(Rewrite::Word(word)) => word,
            Some(Rewrite::Line(line)) => format!("+{line}"),
            None => "-".to_owned(),
        });
        rewrites.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn mentions_follow() {
        for (owner, text, old, new, expected) in [
            ("x.service", "[Unit]\nAfter=a.service b.service a@c.service\n", "a.service", "d.service", "d.service - -"),
            (
                "x@y.service",
                "[Unit]\nAfter=a@%i.service a@b.service a@.service\n",
                "a@.service",
                "d@.service",
                "d@%i.service d@b.service d@.service",
            ),
            ("x@.service", "[Unit]\nAfter=a@%i.service\n", "a@.service", "d@.service", "d@%i.service"),
            ("x.service", "[Unit]\nAfter=a@b.service a@c.service\n", "a@b.service", "a@d.service", "a@d.service -"),
            ("a.service", "[Unit]\nAfter=%p.socket %n\n", "a.service", "d.service", "a.socket -"),
            ("a.service", "[Unit]\nAfter=%p.socket\n", "a.socket", "d.socket", "d.socket"),
            ("a.timer", "[Timer]\n", "a.service", "d.service", "+Unit=d.service"),
            ("a.timer", "[Timer]\n", "a.timer", "d.timer", "+Unit=a.service"),
            ("a.timer", "[Timer]\n", "b.timer", "d.timer", "-"),
            ("a.timer", "[Timer]\nUnit=a.service\n", "a.service", "d.service", "d.service"),
        ] {
            assert_eq!(rewritten(owner, text, old, new), expected, "{old} in {text}");
        }
    }

    #[test]
    fn names_are_checked() {
        for (old, new, expected) in [
            ("a.service", "b.service", Ok("b.service")),
            ("a.service", "b", Err("\"b\" is no name of a unit: there is no suffix such as \".service\"")),
            ("a.service", "b.timer", Err("the suffix \".service\" has to stay")),
            ("a@.service", "b.service", Err("a@.service is a template, b.service is a plain name")),
            (
                "a.service",
                "b c.service",
                Err(
                    "\"b c.service\" is no name of a unit: ' ' is none of the characters allowed: letters, digits and \":-_.\\@\"",
                ),
            ),
        ] {
            let checked = Rename::check(&name(old), new);
            assert_eq!(checked.as_ref().map(UnitName::as_str).map_err(String::as_str), expected);
        }
    }
}
