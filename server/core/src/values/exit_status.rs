//! Exit statuses and signals that end a process: `75 250 SIGKILL DATAERR`
//! (`config_parse_set_status`, `src/core/load-fragment.c`; `src/shared/exit-status.c`).

use super::list::{self, Item};
use super::number::unsigned;
use super::signal::{self, Signal};
use super::words::{Style, Words};
use super::{Context, Problem};
use crate::schema::sets;

/// How a process may end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It exits with this status.
    Status(u8),
    /// This signal ends it.
    Signal(Signal),
}

/// Reads a directive's ways to end; numbers are exit statuses, not signals.
pub fn parse(text: &str, context: &Context, problems: &mut Vec<Problem>) -> Vec<Item<Ending>> {
    list::parse(Words::new(text, Style::BARE), problems, |word| {
        let text = &*word.text;
        status(text, context).map(Ending::Status).or_else(|| signal::read(text).map(Ending::Signal)).ok_or_else(|| {
            let problem = context.takes("exit statuses from 0 to 255 and signals", text, word.span);
            match signal::likely(text) {
                Some((name, certain)) => problem.or(name, certain),
                None => problem.or_nearest(text, sets::EXIT_STATUS.words.iter().map(|word| word.text)),
            }
        })
    })
}

fn status(text: &str, context: &Context) -> Option<u8> {
    match sets::EXIT_STATUS.get(text).filter(|word| word.known_to(context.version)) {
        Some(word) => word.number.and_then(|number| u8::try_from(number).ok()),
        None => unsigned(text).ok().and_then(|number| u8::try_from(number).ok()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::testing::{context, show};

    #[test]
    fn good_ones_stay() {
        let mut problems = Vec::new();
        let endings = parse("75 SIGKIL DATAERR TERM 256", &context("SuccessExitStatus", 262, ""), &mut problems);
        let values: Vec<Ending> = endings.into_iter().map(|item| item.value).collect();
        assert_eq!(values, [Ending::Status(75), Ending::Status(65), Ending::Signal(Signal(15))]);
        assert_eq!(
            problems.iter().map(show).collect::<Vec<_>>(),
            [
                "refused 3-9 SuccessExitStatus= takes exit statuses from 0 to 255 and signals, not \"SIGKIL\" \
                 (perhaps: SIGKILL)",
                "refused 23-26 SuccessExitStatus= takes exit statuses from 0 to 255 and signals, not \"256\"",
            ]
        );
    }
}
