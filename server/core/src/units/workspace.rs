use super::{Role, Summary, UnitName};

/// What the rules that look across units know of all of them.
#[derive(Debug, Default)]
pub struct Workspace {
    /// Every file there is; findings name them by their index.
    pub files: Vec<FileFacts>,
    /// Every unit, templates included; one that is masked isn't there.
    pub units: Vec<Summary>,
    /// Names of units that exist though no file here says so: masked ones,
    /// those that generators make. Sorted.
    pub others: Vec<UnitName>,
    /// Whether these are all units that the service manager will find, so
    /// that one that isn't here doesn't exist.
    pub complete: bool,
}

/// What there is to know of a file beside its text.
#[derive(Clone, Debug, Default)]
pub struct FileFacts {
    /// What it is, by its path; `None` for anything else.
    pub role: Option<Role>,
    /// Whether anybody may execute it.
    pub executable: bool,
    /// Whether everybody may write to it.
    pub world_writable: bool,
    /// Where it points to, as it is written, if it is a symbolic link.
    pub link: Option<Box<str>>,
    /// Whether it is a symbolic link to nothing.
    pub dangling: bool,
}
