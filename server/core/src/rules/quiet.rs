use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::{DirectiveContext, FileContext};

/// The most directives that are remembered.
const MOST: usize = 1 << 18;

/// Directives that no rule had anything to say about, so that a file that is checked again and
/// again, as it is typed, costs no more than what was changed.
///
/// A rule that looks at one directive sees the line, the section it stands in, what file that is and
/// for whom it is checked: where all of that is the same, it is silent again. What rules do find may
/// point elsewhere, so that it is never remembered. One memory serves one selection of rules.
#[derive(Clone, Debug, Default)]
pub struct Quiet(HashSet<u64>);

/// All but the directive itself.
#[derive(Clone, Debug)]
pub(super) struct Around(DefaultHasher);

impl Around {
    /// What is the same for all directives of a section of a file.
    pub(super) fn of(file: &FileContext, section: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        (file.kind, file.drop_in, file.unit.map(|unit| unit.as_str())).hash(&mut hasher);
        (file.target.version, file.target.manager, section).hash(&mut hasher);
        Around(hasher)
    }
}

impl Quiet {
    /// What to remember of a directive; `None` for one that isn't known, about which there is always something to say.
    pub(super) fn key(around: &Around, cx: &DirectiveContext) -> Option<u64> {
        cx.entry?;
        let Around(mut hasher) = around.clone();
        cx.file.file.text[cx.file.file.lines(cx.directive.span)].hash(&mut hasher);
        Some(hasher.finish())
    }

    pub(super) fn contains(&self, key: u64) -> bool {
        self.0.contains(&key)
    }

    pub(super) fn insert(&mut self, key: u64) {
        if self.0.len() >= MOST {
            self.0.clear();
        }
        self.0.insert(key);
    }
}

#[cfg(test)]
mod tests {
    use super::Quiet;
    use crate::diagnostic::Diagnostic;
    use crate::rules::{Selection, Target, check_file, check_file_again};
    use crate::schema::{FileKind, Manager, UnitKind, Version};
    use crate::syntax::scan;

    const KIND: FileKind = FileKind::Unit(UnitKind::Service);
    const TARGET: Target = Target { version: Version::LATEST, manager: Manager::System };

    fn again(text: &str, quiet: &mut Quiet) -> Vec<Diagnostic> {
        check_file_again(&scan(text), KIND, None, false, TARGET, &Selection::default(), Some(quiet))
    }

    #[test]
    fn what_is_remembered_changes_no_finding() {
        let mut quiet = Quiet::default();
        let lines = [
            "[Unit]",
            "[Service]",
            "[Install]",
            "Nice=5",
            "Nice=50",
            "Restart=always",
            "Restrat=always",
            "After=a.service b",
            "After=%",
            "ExecStart=/bin/true $X",
            "ExecStart=echo a > b",
            "User=a # b",
            "WantedBy=default.target",
            "MemoryLimit=1G",
            "Environment=A=$B",
            "ExecStart=/bin/a \\",
            "Foo",
            "# svlsp: ignore",
            "",
        ];
        let mut number = 1_u64;
        for _ in 0..300 {
            let mut text = String::new();
            for _ in 0..12 {
                number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text.push_str(lines[(number >> 33) as usize % lines.len()]);
                text.push('\n');
            }
            let afresh = check_file(&scan(&text), KIND, None, false, TARGET, &Selection::default());
            assert_eq!(again(&text, &mut quiet), afresh, "{text}");
            assert_eq!(again(&text, &mut quiet), afresh, "{text}");
        }
        assert!(quiet.0.len() > 3);
    }
}
