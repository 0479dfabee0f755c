//! What a rule has found, before anybody renders it.

use crate::text::{Edit, Span};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Advice; never makes a check fail unless asked.
    Hint,
    /// It takes effect, but almost surely not as meant, or it is deprecated.
    Warning,
    /// The service manager refuses the unit or drops what is written here.
    Error,
}

impl Severity {
    /// `error`, `warning` or `hint`.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Hint => "hint",
        }
    }
}

/// One finding in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The name of the rule, as users select and suppress it.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Which of the files looked at together it is in: for a unit, 0 is the
    /// unit file itself and the drop-ins follow in the order they apply.
    pub file: usize,
    /// Where in that file.
    pub span: Span,
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// What to do about it, where the message doesn't say it already.
    pub help: Option<String>,
    /// Other places that belong to it.
    pub related: Vec<Related>,
    /// Ways to mend it, the best one first.
    pub fixes: Vec<Fix>,
    /// How an editor may show it.
    pub tag: Option<Tag>,
}

/// Another place that a finding speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// As [`Diagnostic::file`].
    pub file: usize,
    /// Where in that file.
    pub span: Span,
    /// What is there.
    pub message: String,
}

/// One way to mend a finding, within the finding's own file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does: an imperative, as editors list it.
    pub title: String,
    /// What it changes.
    pub edits: Vec<Edit>,
    /// Whether it is right for sure, so that `--fix` may apply it unasked.
    pub certain: bool,
    /// What it gives a name to, where nothing else may get the same one.
    pub claim: Option<Claim>,
}

/// A section, or a directive of one value in a section, that isn't there before a fix is applied.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Claim {
    /// The section's name.
    pub section: String,
    /// The directive; `None`: the section itself.
    pub key: Option<String>,
}

/// Of what kind the text at a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    /// Shown struck through.
    Deprecated,
    /// Shown faded: it has no effect.
    Unnecessary,
}

impl Diagnostic {
    /// A finding in the first file, with nothing but its message.
    pub fn new(rule: &'static str, severity: Severity, span: Span, message: impl Into<String>) -> Self {
        Diagnostic {
            rule,
            severity,
            file: 0,
            span,
            message: message.into(),
            help: None,
            related: Vec::new(),
            fixes: Vec::new(),
            tag: None,
        }
    }

    /// Puts it in another of the files.
    pub fn in_file(mut self, file: usize) -> Self {
        self.file = file;
        self
    }

    /// Says what to do.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Points to another place.
    pub fn related(mut self, file: usize, span: Span, message: impl Into<String>) -> Self {
        self.related.push(Related { file, span, message: message.into() });
        self
    }

    /// Offers a fix that `--fix` may apply.
    pub fn fix(self, title: impl Into<String>, edits: Vec<Edit>) -> Self {
        self.offer(title, edits, true)
    }

    /// Offers a fix that a person has to choose.
    pub fn suggestion(self, title: impl Into<String>, edits: Vec<Edit>) -> Self {
        self.offer(title, edits, false)
    }

    fn offer(mut self, title: impl Into<String>, edits: Vec<Edit>, certain: bool) -> Self {
        self.fixes.push(Fix { title: title.into(), edits, certain, claim: None });
        self
    }

    /// Says what its last fix gives a name to: if another one claims the same, both are left to a person.
    pub fn claiming(mut self, section: &str, key: Option<&str>) -> Self {
        if let Some(fix) = self.fixes.last_mut() {
            fix.claim = Some(Claim { section: section.to_owned(), key: key.map(str::to_owned) });
        }
        self
    }

    /// Says of what kind the text is.
    pub fn tag(mut self, tag: Tag) -> Self {
        self.tag = Some(tag);
        self
    }
}
