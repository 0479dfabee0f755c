//! Words that interpreters stumble over.

use crate::random::Random;

/// Any bytes but NUL; mostly such as interpreters care about.
pub fn word(random: &mut Random) -> Vec<u8> {
    const PIECES: &[&[u8]] = &[
        b" ",
        b"\t",
        b"\n",
        b"\r",
        b"'",
        b"\"",
        b"\\",
        b"$",
        b"`",
        b"*",
        b"?",
        b"[a-z]",
        b"~",
        b"#",
        b"{",
        b"}",
        b"(",
        b")",
        b"<",
        b">",
        b"&",
        b"|",
        b";",
        b"!",
        b"=",
        b"-",
        b"--",
        b"-n",
        b"%s",
        b"${IFS}",
        b"$1",
        b"${1}",
        b"$@",
        b"$#",
        b"$(kill 0)",
        b"`kill 0`",
        b"\\n",
        b"\\x41",
        b"\\0x41",
        b"$'a'",
        "ä€😀".as_bytes(),
        b"\xff",
        b"\xc3",
        b"\x01",
        b"\x7f",
        b"\x81\x88",
    ];
    let length = match random.below(100) {
        0 => 500,
        1..20 => 1,
        _ => random.below(12),
    };
    let mut word = Vec::new();
    for _ in 0..length {
        match random.below(3) {
            0 => word.extend(*random.of(PIECES)),
            1 => word.push(1 + random.below(255) as u8),
            _ => word.push(b'a' + random.below(26) as u8),
        }
    }
    word
}
