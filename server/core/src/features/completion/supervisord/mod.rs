//! What may be written in supervisord.conf.

mod expansion;
mod header;
mod key;
mod value;

use super::slot::Slot;
use super::{Completions, Options};
use crate::features::Document;

/// What may be written at `offset`, which is in no comment.
pub(super) fn complete<'a>(document: &Document<'a>, offset: u32, options: Options) -> Option<Completions<'a>> {
    if let Some(slot) = Slot::at(document, offset) {
        let slot = slot?;
        return expansion::complete(&slot).or_else(|| match options.trigger {
            // A blank is part of most values, and separates words in few.
            Some(' ') => None,
            _ => value::complete(&slot),
        });
    }
    if options.trigger == Some(' ') {
        return None;
    }
    header::complete(document, offset).or_else(|| key::complete(document, offset))
}
