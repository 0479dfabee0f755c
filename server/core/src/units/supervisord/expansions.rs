/// What stands for `%(name)s`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expansion {
    /// A text.
    Text(String),
    /// A number, which may have a width: `%(process_num)02d`.
    Number(i64),
}

/// The names that values may use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expansions {
    known: Vec<(String, Expansion)>,
}

impl Expansions {
    /// Lets `name` stand for `expansion`.
    pub fn set(&mut self, name: impl Into<String>, expansion: Expansion) {
        let name = name.into();
        match self.known.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => *old = expansion,
            None => self.known.push((name, expansion)),
        }
    }

    /// What `name` stands for.
    pub fn get(&self, name: &str) -> Option<&Expansion> {
        self.known.iter().find(|(known, _)| known == name).map(|(_, expansion)| expansion)
    }

    /// The names, in the order in which they were set.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.known.iter().map(|(name, _)| &**name)
    }

    /// Expands `text`.
    ///
    /// # Errors
    ///
    /// What is wrong with it: a lone `%`, a name that nobody knows, a text where a number is asked for.
    pub fn expand(&self, text: &str) -> Result<String, String> {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('%') {
            out.push_str(before);
            if let Some(tail) = after.strip_prefix('%') {
                out.push('%');
                rest = tail;
                continue;
            }
            let bad = || format!("a lone \"%\" can't be expanded; write \"%%\" in \"{text}\"");
            let (name, tail) = after.strip_prefix('(').and_then(|after| after.split_once(')')).ok_or_else(bad)?;
            let end = tail.find(|c: char| c.is_ascii_alphabetic()).ok_or_else(bad)?;
            let (flags, conversion) = (&tail[..end], &tail[end..=end]);
            let known = self.get(name).ok_or_else(|| format!("nobody knows what \"%({name})s\" stands for here"))?;
            let value = match (known, conversion) {
                (Expansion::Text(text), "s") => text.clone(),
                (Expansion::Number(number), "s" | "d" | "i") => number.to_string(),
                _ => return Err(bad()),
            };
            let width = flags.trim_start_matches('0').parse::<usize>().unwrap_or(0);
            let pad = if flags.starts_with('0') && conversion != "s" { '0' } else { ' ' };
            out.extend(std::iter::repeat_n(pad, width.saturating_sub(value.chars().count())));
            out.push_str(&value);
            rest = &tail[end + 1..];
        }
        out.push_str(rest);
        Ok(out)
    }
}
