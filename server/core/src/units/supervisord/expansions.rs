use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Around, Given};
use crate::values::Problem;
use crate::values::supervisord::expansion::{self, Part, Value};

/// What stands for `%(name)s`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expansion {
    /// A text.
    Text(String),
    /// A number, which may have a width: `%(process_num)02d`.
    Number(i64),
    /// Something that only the running supervisord knows.
    Unknown,
}

/// The names that values may use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expansions {
    /// `ENV_X` of supervisord's environment and of `[supervisord] environment=`.
    environment: Arc<BTreeMap<String, Expansion>>,
    /// Those of the section or process; they go before.
    own: BTreeMap<String, Expansion>,
    /// Whether there are no others of the environment.
    whole: bool,
}

/// A text in which names are expanded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expanded {
    /// The text; what nobody knows is left as it is written.
    pub text: String,
    /// The names that only the running supervisord knows.
    pub unknown: Vec<String>,
}

/// How names of environment variables begin.
const ENV: &str = "ENV_";

/// What to tell of a name that only the target knows.
pub fn unknown_name(name: &str) -> String {
    let how = match name.strip_prefix("ENV_") {
        Some(variable) => format!("; say it with --environment {variable}=…"),
        None if name == "host_node_name" => "; say it with --specifier H=…".to_owned(),
        None => String::new(),
    };
    format!("only the target knows what \"%({name})s\" stands for{how}")
}

impl Expansions {
    /// The names that all values know: supervisord's environment.
    pub(super) fn of_environment(around: &Around) -> Self {
        let variables = around.environment.iter();
        let variables = variables.map(|(name, value)| (format!("{ENV}{name}"), Expansion::Text(value.clone())));
        let whole = around.whole_environment;
        Expansions { environment: Arc::new(variables.collect()), own: BTreeMap::new(), whole }
    }

    /// Lets `name` stand for `expansion`.
    pub fn set(&mut self, name: impl Into<String>, expansion: Expansion) {
        self.own.insert(name.into(), expansion);
    }

    /// Adds variables to those of supervisord's environment.
    pub(super) fn extend_environment(&mut self, variables: &Given<Vec<(String, String)>>) {
        Arc::make_mut(&mut self.environment).extend(stand_for(variables));
        self.whole = self.whole && variables.unknown.is_empty();
    }

    /// Adds variables of a process.
    pub(super) fn extend_own(&mut self, variables: &Given<Vec<(String, String)>>) {
        self.own.extend(stand_for(variables));
        self.whole = self.whole && variables.unknown.is_empty();
    }

    /// Forgets those variables of a process that hide one of supervisord's environment.
    pub(super) fn reset_environment(&mut self) {
        self.own.retain(|name, _| !self.environment.contains_key(name));
    }

    /// What `name` stands for.
    pub fn get(&self, name: &str) -> Option<&Expansion> {
        let known = self.own.get(name).or_else(|| self.environment.get(name));
        known.or_else(|| (!self.whole && name.starts_with(ENV)).then_some(&Expansion::Unknown))
    }

    /// The names, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let names: std::collections::BTreeSet<&str> =
            self.environment.keys().chain(self.own.keys()).map(|it| &**it).collect();
        names.into_iter()
    }

    /// How many names of its own it has.
    pub(super) fn len(&self) -> usize {
        self.own.len()
    }

    /// Expands `text`.
    ///
    /// # Errors
    ///
    /// The first thing in it that supervisord doesn't take.
    pub fn expand(&self, text: &str) -> Result<Expanded, Problem> {
        let mut expanded = Expanded::default();
        for part in expansion::parts(text) {
            let (span, unknown) = match part? {
                Part::Plain(span) | Part::Percent(span) => (span, None),
                Part::Named(named) => {
                    (named.span, (self.get(named.name) == Some(&Expansion::Unknown)).then_some(named.name))
                }
            };
            if let Some(name) = unknown {
                expanded.text.push_str(&text[span]);
                expanded.unknown.push(name.to_owned());
                continue;
            }
            let known = |name: &str| match self.get(name)? {
                Expansion::Text(text) => Some(Value::Text(text)),
                Expansion::Number(number) => Some(Value::Number(*number)),
                Expansion::Unknown => None,
            };
            let written = expansion::expand(&text[span], known);
            let place = |problem: Problem| Problem { span: problem.span.shift(span.start as usize), ..problem };
            expanded.text.push_str(&written.map_err(place)?);
        }
        Ok(expanded)
    }
}

/// What `ENV_X` stands for once these are set.
fn stand_for(variables: &Given<Vec<(String, String)>>) -> impl Iterator<Item = (String, Expansion)> {
    let variables = variables.value.iter();
    variables.map(|(name, value)| (format!("{ENV}{name}"), Expansion::Text(value.clone())))
}
