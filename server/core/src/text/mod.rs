//! Positions in text, edits to it, and text within Markdown.

mod decode;
mod edit;
mod line_index;
pub mod markdown;
mod span;

pub use decode::{Decoded, decode};
pub use edit::{Applied, Edit, apply_all};
pub use line_index::{LineIndex, Position};
pub use span::Span;
