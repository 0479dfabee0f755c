//! Positions in text, and edits to it.

mod decode;
mod edit;
mod line_index;
mod span;

pub use decode::{Decoded, decode};
pub use edit::{Applied, Edit, apply_all};
pub use line_index::{LineIndex, Position};
pub use span::Span;
