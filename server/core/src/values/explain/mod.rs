//! What a value means, or the word of it at some place: one file a kind of value.
//!
//! Values are taken as they are read by the parsers beside this module; what
//! those refuse isn't explained here, as a diagnostic says what is wrong with it.

mod word;

use super::{Context, ValueType};
use crate::text::Span;

/// A meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What is explained, in the text of the value.
    pub span: Span,
    /// The explanation, in Markdown.
    pub markdown: String,
}

/// The time of whoever asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// In µs since 1970 UTC.
    pub time: u64,
    /// How many seconds the local clock is ahead of UTC.
    pub ahead: i32,
}

/// What an explanation draws on beside the text of the value.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// The directive and the unit.
    pub context: Context<'a>,
    /// What time it is.
    pub now: Option<Now>,
}

/// Explains what stands at `offset` of `text`, the value of `scene.context.directive`.
pub fn explain(text: &str, scene: &Scene, _offset: u32) -> Option<Explanation> {
    let context = &scene.context;
    match context.directive.value {
        ValueType::Set(set) => word::choice(text, set, context),
        ValueType::Boolean | ValueType::Tristate => word::boolean(text),
        _ => None,
    }
}

impl Explanation {
    /// Of all of `text`.
    fn whole(text: &str, markdown: impl Into<String>) -> Option<Self> {
        Some(Explanation { span: super::whole(text), markdown: markdown.into() })
    }
}
