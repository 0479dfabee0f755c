use super::reading::Reading;
use super::{Around, Expanded, Expansion, Expansions, Merged, Problem, merge};
use crate::syntax::File;
use crate::syntax::supervisord::is_blank;
use crate::text::Span;

/// One of the words of `[include] files=`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// What Python's `glob` gets, names expanded; relative to the directory of the main file.
    pub text: String,
    /// Where it stands in the main file.
    pub span: Span,
    /// The names in it that only the running supervisord knows; `text` is of no use then.
    pub unknown: Vec<String>,
}

/// The files that a configuration includes, `main` being the one that supervisord is started with.
///
/// What a pattern finds is sorted before it is read; one that finds nothing is a warning; files that
/// can't be opened are passed over; what `[include]` says in an included file holds for nothing.
///
/// # Errors
///
/// Why supervisord refuses the section.
pub fn include_patterns<'a>(main: &'a File<'a>, around: &Around) -> Result<Vec<Pattern>, Vec<Problem>> {
    let files = std::slice::from_ref(main);
    let mut reading = Reading::new(files, around);
    let patterns = patterns(&mut reading, &merge::merge(files, around));
    if reading.problems.is_empty() { Ok(patterns) } else { Err(reading.problems) }
}

/// Reads the patterns and keeps what is wrong with them.
pub(super) fn patterns<'a>(reading: &mut Reading<'_, 'a>, sections: &[Merged<'a>]) -> Vec<Pattern> {
    let Some(section) = sections.iter().find(|section| section.name == "include") else { return Vec::new() };
    let Some(assignment) = section.get("files") else {
        reading.refuse_section(section, "\"files\" is missing; supervisord refuses an [include] without it");
        return Vec::new();
    };
    let expansions = expansions(reading.around);
    let Some(found) = reading.expanded(section, "files", &expansions) else { return Vec::new() };
    let whole: Vec<&str> = words(&found.text).collect();
    let value = &assignment.directive.value;
    // A word may expand to several, or to none; if each expands by itself, each has its own place.
    let text = assignment.text();
    let alone = |(word, written)| expansions.expand(word).map(|it| (Span::of(written, value.text()), it)).ok();
    let alone: Option<Vec<_>> = words(text).zip(words(value.text())).map(alone).collect();
    let alone = alone.filter(|_| words(text).count() == words(value.text()).count()).unwrap_or_default();
    let placed: Vec<_> =
        alone.iter().flat_map(|(span, word)| words(&word.text).map(move |it| (*span, it, word))).collect();
    if placed.iter().map(|(_, text, _)| *text).ne(whole.iter().copied()) {
        let pattern =
            |text: &str| Pattern { text: text.to_owned(), span: value.span(), unknown: found.unknown.clone() };
        return whole.into_iter().map(pattern).collect();
    }
    let pattern = |(span, text, word): &(Span, &str, &Expanded)| Pattern {
        text: (*text).to_owned(),
        span: value.source(*span),
        unknown: word.unknown.clone(),
    };
    placed.iter().map(pattern).collect()
}

/// The names that `[include]` knows.
fn expansions(around: &Around) -> Expansions {
    let mut expansions = Expansions::of_environment(around);
    expansions.set("here", around.here(0));
    expansions.set("host_node_name", around.host());
    expansions
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(is_blank).filter(|word| !word.is_empty())
}

impl Around {
    /// What `%(here)s` stands for in the file of this number.
    pub(super) fn here(&self, file: usize) -> Expansion {
        let here = self.here.get(file).filter(|here| !here.is_empty());
        here.map_or(Expansion::Unknown, |here| Expansion::Text(here.clone()))
    }

    /// What `%(host_node_name)s` stands for.
    pub(super) fn host(&self) -> Expansion {
        self.host.clone().map_or(Expansion::Unknown, Expansion::Text)
    }
}
