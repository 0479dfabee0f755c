/// The one of `words` that `written` was most likely meant to be.
///
/// Letter case counts little, a swap of neighbours as one slip; more than a
/// third of the word wrong is no likeness.
pub fn nearest<'w>(written: &str, words: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    let slips = (written.chars().count() / 3).clamp(1, 3);
    let letters_written = letters(written);
    let mut best: Option<(usize, &str)> = None;
    for word in words {
        if !may_be(written.len(), letters_written, word, slips) {
            continue;
        }
        let distance = distance(written, word);
        if distance <= 2 * slips && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, word));
        }
    }
    best.map(|(_, word)| word)
}

/// Whether no more than `slips` may lie between `word` and one of so many
/// bytes and of these letters: one slip brings in or takes away one at the most.
fn may_be(length: usize, of: u32, word: &str, slips: usize) -> bool {
    let other = letters(word);
    let strange = (of & !other).count_ones().max((other & !of).count_ones());
    word.len().abs_diff(length) <= slips && strange as usize <= slips
}

/// Which letters a word is made of, whatever their case.
fn letters(word: &str) -> u32 {
    word.bytes().filter(u8::is_ascii_alphabetic).fold(0, |seen, byte| seen | 1 << (byte & 0x1f))
}

/// Whether `written` differs from `word` by no more than one slip, letter case aside.
pub fn is_slip(written: &str, word: &str) -> bool {
    may_be(written.len(), letters(written), word, 1) && distance(&written.to_lowercase(), &word.to_lowercase()) <= 2
}

/// How many slips lie between two words, each counted as two; one in letter
/// case alone counts as one.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    let mut before = vec![0; b.len() + 1];
    let mut row: Vec<usize> = (0..=b.len()).map(|n| n * 2).collect();
    let mut next = vec![0; b.len() + 1];
    for (i, &x) in a.iter().enumerate() {
        next[0] = (i + 1) * 2;
        for (j, &y) in b.iter().enumerate() {
            let cost = if x == y {
                0
            } else if x.eq_ignore_ascii_case(&y) {
                1
            } else {
                2
            };
            let mut least = (row[j] + cost).min(row[j + 1] + 2).min(next[j] + 2);
            if i > 0 && j > 0 && x == b[j - 1] && a[i - 1] == y {
                least = least.min(before[j - 1] + 2);
            }
            next[j + 1] = least;
        }
        (before, row, next) = (row, next, before);
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_found_and_strangers_not() {
        let words = ["ExecStart", "ExecStartPre", "ExecStop", "Restart", "RestartSec", "User"];
        for (written, meant) in [
            ("ExecStrat", Some("ExecStart")),
            ("execstart", Some("ExecStart")),
            ("Restrat", Some("Restart")),
            ("RestartSecs", Some("RestartSec")),
            ("Usr", Some("User")),
            ("Frobnicate", None),
            ("", None),
        ] {
            assert_eq!(nearest(written, words), meant, "{written}");
        }
    }
}
