use super::Version;

/// A closed set of words that a value may be.
#[derive(Debug)]
pub struct Set {
    /// As `data/sets` calls it.
    pub name: &'static str,
    /// What one of the words is: "kill mode".
    pub noun: &'static str,
    /// The words that "no" and "yes" stand for, in any spelling of a boolean, where it takes those.
    pub booleans: Option<[&'static str; 2]>,
    /// The largest number that may stand for a word, where those are taken.
    pub numbers: Option<u32>,
    /// Whether letter case doesn't matter.
    pub any_case: bool,
    /// Sorted by text.
    pub words: &'static [Word],
}

/// One word of a set.
#[derive(Debug)]
pub struct Word {
    /// As it is written.
    pub text: &'static str,
    /// What it means; may be empty.
    pub doc: &'static str,
    /// The systemd version that brought it, or 0.
    pub since: u16,
    /// The version that took it away, or 0.
    pub removed: u16,
    /// The version that deprecated it, or 0.
    pub deprecated: u16,
    /// What to write instead of a removed or deprecated word; may be empty.
    pub successor: &'static str,
    /// What it stands for, where that is a number: of a signal, a capability, an exit status.
    pub number: Option<u32>,
    /// Where it may be used, if not everywhere; each set has its own words for that.
    pub scope: &'static str,
    /// The words that it stands for, where it is a group.
    pub members: &'static [&'static str],
    /// A line as one would write it; may be empty.
    pub example: &'static str,
}

impl Set {
    /// The word `text`, of whatever version.
    pub fn get(&self, text: &str) -> Option<&'static Word> {
        match self.words.binary_search_by(|word| word.text.cmp(text)) {
            Ok(at) => Some(&self.words[at]),
            Err(_) if self.any_case => self.words.iter().find(|word| word.text.eq_ignore_ascii_case(text)),
            Err(_) => None,
        }
    }

    /// The words that systemd `version` knows.
    pub fn known_to(&self, version: Version) -> impl Iterator<Item = &'static Word> + Clone {
        self.words.iter().filter(move |word| word.known_to(version))
    }

    /// Whether systemd `version` knows the word `text`.
    pub fn contains(&self, text: &str, version: Version) -> bool {
        self.get(text).is_some_and(|word| word.known_to(version))
    }
}

impl Word {
    /// Whether systemd `version` knows it.
    pub fn known_to(&self, version: Version) -> bool {
        self.since <= version.0 && (self.removed == 0 || version.0 < self.removed)
    }
}
