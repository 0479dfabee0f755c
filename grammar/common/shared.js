/** What both languages are made of. */

/** A regex class of all characters but these, which are written as in a class. */
const not = excluded => `[^${excluded}]`;

/** A token; where several match, the one of the highest precedence wins, then the longest. */
const lexeme = (regex, precedence = 0) => token(prec(precedence, new RustRegex(regex)));

/** A token that follows the one before it without a blank. */
const glued = (regex, precedence = 1) => token.immediate(prec(precedence, new RustRegex(regex)));

/**
 * Lines, some of them in sections. Each ends with a `_newline`, but the last
 * of the file need not. That one has its own rules, so that inside a value
 * the lexer never looks for the start of another line.
 */
const lines = {
  source_file: $ => seq(
    repeat($._line),
    optional(choice(
      $._last_line,
      repeat1($.section),
      seq(repeat($.section), alias($._last_section, $.section)),
    )),
  ),
  section: $ => seq($._header, $._newline, repeat($._line)),
  _last_section: $ => choice(
    $._header,
    seq($._header, $._newline, repeat($._line), $._last_line),
  ),
};

module.exports = { not, lexeme, glued, lines };
