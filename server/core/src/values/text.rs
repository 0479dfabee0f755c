//! Values that may be any text, once their specifiers are known ones
//! (`config_parse_unit_string_printf`).

use super::specifier::{self, Place};
use super::words::Word;
use super::{Context, Problem};

/// A text behind a `-`, which makes a failure to apply it no failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label<'t> {
    /// Whether the `-` is there.
    pub optional: bool,
    /// The text, specifiers not resolved.
    pub text: Word<'t>,
}

/// Any text.
pub fn parse<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Option<Word<'t>> {
    resolve(Word::whole(text), context, problems)
}

/// The value of `SELinuxContext=`, `AppArmorProfile=`, `SmackProcessLabel=`.
pub fn parse_label<'t>(text: &'t str, context: &Context, problems: &mut Vec<Problem>) -> Option<Label<'t>> {
    let optional = text.starts_with('-');
    let text = resolve(Word::whole(text).into_tail(usize::from(optional)), context, problems)?;
    Some(Label { optional, text })
}

fn resolve<'t>(word: Word<'t>, context: &Context, problems: &mut Vec<Problem>) -> Option<Word<'t>> {
    specifier::resolve(&word, Place::TEXT, context, problems, |_| Ok(()))?;
    Some(word)
}
