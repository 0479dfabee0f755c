//! What processes were started with, as `print-process` writes it.

use std::fmt;

/// What one process was started with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Process {
    /// Behind its name.
    pub arguments: Vec<Vec<u8>>,
    /// `NAME=VALUE`, sorted.
    pub environment: Vec<Vec<u8>>,
}

impl Process {
    /// What any number of processes wrote.
    pub fn read(output: &[u8]) -> Vec<Process> {
        let mut words = output.split(|&byte| byte == 0).map(<[u8]>::to_vec);
        let mut started = Vec::new();
        while let Some(arguments) = words.next().and_then(|word| number(&word)) {
            let variables = words.next().and_then(|word| number(&word)).expect("the number of variables");
            let arguments = words.by_ref().take(arguments).collect();
            let mut environment: Vec<Vec<u8>> = words.by_ref().take(variables).collect();
            environment.sort();
            started.push(Process { arguments, environment });
        }
        started
    }
}

impl fmt::Display for Process {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (title, words) in [("arguments", &self.arguments), ("environment", &self.environment)] {
            writeln!(formatter, "{title}:")?;
            for word in words {
                writeln!(formatter, "  {}", word.escape_ascii())?;
            }
        }
        Ok(())
    }
}

fn number(word: &[u8]) -> Option<usize> {
    std::str::from_utf8(word).ok()?.parse().ok()
}
