//! Words of closed sets inside longer values.

use super::{Context, Problem, shown};
use crate::schema::{Set, Word};
use crate::text::Span;

/// The word of `set` that `text`, at `span`, is.
pub(super) fn find(text: &str, span: Span, set: &'static Set, context: &Context) -> Result<&'static Word, Problem> {
    let version = context.version;
    match set.get(text) {
        Some(word) if word.known_to(version) => Ok(word),
        Some(word) if word.since > version.0 => {
            let message =
                format!("the {} \"{text}\" needs systemd {}, the target is {}", set.noun, word.since, version.0);
            Err(Problem::refused(span, message))
        }
        Some(word) => {
            let message = format!("systemd {} took the {} \"{text}\" away", word.removed, set.noun);
            Err(Problem::refused(span, message))
        }
        None => {
            let problem = Problem::refused(span, format!("there is no {} \"{}\"", set.noun, shown(text)));
            Err(problem.or_nearest(text, set.known_to(version).map(|word| word.text)))
        }
    }
}
