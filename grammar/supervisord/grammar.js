/**
 * supervisord.conf, as Python's RawConfigParser reads it for supervisord.
 *
 * Any bytes have a tree without ERROR and MISSING nodes; see
 * ../systemd/grammar.js for how.
 *
 * A line is part of the value before it when it is indented deeper than the
 * key of that value, also after comments and blank lines. There is one kind
 * of directive for each indentation, and `_continuation_N` is what leads to a
 * line that is indented by more than N blanks.
 *
 * A directive takes in its newline: where it ends depends on the lines below,
 * and only what a node covers tells tree-sitter how far an edit reaches.
 *
 * Blanks mean so much here that none is skipped: there are no extras.
 */
const { not, lexeme, lines } = require('../common/shared');

// The ASCII characters that str.isspace() accepts, but for the ends of lines.
// With the others a class would have so many ranges that the generated lexer
// looks them up in a table, and there it does not find invalid UTF-8.
const BLANK = ' \\t\\x0b\\x0c\\x1c-\\x1f';
const BLANKS = `[${BLANK}]`;
const EOL = '(?:\\r\\n?|\\n)';

// The generated lexer takes NUL for the end of the file unless a pattern
// spells it out.
const NUL = '\\x00\\x00*';
const character = excluded => `(?:${not(BLANK + '\\r\\n\\x00' + excluded)}|${NUL})`;
const COMMENT = `[;#](?:${not('\\r\\n\\x00')}|${NUL})*`;

// A phrase ends where a blank and a comment follow.
const phrase = (excluded, first = excluded) =>
  `${character(first)}(?:${character(excluded)}|${BLANKS}+${character(excluded + ';#')})*`;
const NAME = `(?:${character('\\]:')}|${BLANKS}+${character('\\]:;#')})+${BLANKS}*`;

/** Indentations that are told apart; one in between counts as the next smaller one. */
const INDENTS = [0, 1, 2, 4, 8];

/** A line whose first item is indented by `n` blanks. */
const indented = ($, n, item) => n === 0 ? item : seq($[`_indent_${n}`], item);

const special = $ => choice($.expansion, $.escape_sequence, $._percent);
// After a blank, `;` and `#` begin a comment; elsewhere they don't.
const glued = $ => choice($._text, special($));
const spaced = $ => seq(choice($._spaced_text, special($)), repeat(glued($)));
const blankAndComment = $ => seq($._blank, optional($.comment));

// A text takes in the blanks around it, so a comment or `:` follows a `_blank`,
// and nothing but these and `]` follows a text.
const nameParts = $ => {
  const more = seq(optional($._blank), ':', optional($._name_text));
  return seq(choice($._name_text, more), repeat(more), optional($._blank));
};

/** A value of several parts, beginning with `text` or something special. */
const values = ($, text, self, continuation) => choice(
  seq(text, repeat1(glued($))),
  seq(special($), repeat(glued($))),
  seq(
    choice(text, self),
    choice($._blank, seq(optional(blankAndComment($)), continuation)),
    spaced($),
  ),
);

module.exports = grammar({
  name: 'supervisord',
  extras: _ => [],
  rules: {
    ...lines,

    _line: $ => choice(
      $._newline,
      seq(choice($.comment, $._invalid), $._newline),
      ...INDENTS.map(n => indented($, n, alias($[`_directive_${n}`], $.directive))),
      ...INDENTS.slice(1).map(n => indented($, n, seq($._invalid, $._newline))),
      // Before a header, a comment or the end of the line.
      ...INDENTS.slice(1).map(n => prec(-1, $[`_indent_${n}`])),
    ),
    _last_line: $ => choice(
      $.comment,
      ...INDENTS.map(n => indented($, n, choice(
        alias($[`_last_directive_${n}`], $.directive), $._invalid,
      ))),
    ),
    _invalid: $ => seq(
      choice(alias($._key_text, $.invalid_line), alias($._keyless, $.invalid_line)),
      optional(blankAndComment($)),
    ),
    _keyless: $ => choice(
      seq(choice('=', ':'), repeat(glued($))),
      seq($._keyless, $._blank, spaced($)),
    ),

    // A broken header begins a section too: most likely it is being typed.
    _header: $ => seq(
      choice($.section_header, $.invalid_header), optional($.comment),
    ),
    // The last `]` of the line ends the name; Python ignores what follows it.
    section_header: $ => seq(
      '[',
      choice(alias($._name, $.section_name), alias($._odd_name, $.section_name)),
      ']',
      optional(choice($._blank, alias($._trailing_text, $.trailing_text))),
    ),
    invalid_header: $ => seq('[', optional(choice(
      $._name,
      seq(']', optional(choice($._blank, $._trailing_text))),
    ))),
    _name: $ => choice(
      field('kind', $.section_kind),
      seq(optional(field('kind', $.section_kind)), ':', optional(field('name', $.section_label))),
    ),
    section_kind: $ => choice($._name_text, $._blank),
    section_label: $ => choice($._blank, nameParts($)),
    _odd_name: $ => seq(
      optional(choice($._name, $._odd_name)),
      ']',
      optional(choice($._blank, $._trailing_text)),
    ),
    _trailing_text: $ => nameParts($),

    ...Object.assign({}, ...INDENTS.map(directive)),

    _newline: _ => lexeme(EOL),
    _blank: _ => lexeme(`${BLANKS}+`),
    comment: _ => lexeme(COMMENT),
    _name_text: _ => lexeme(NAME, 1),
    _key_text: _ => lexeme(phrase('=:', '=:;#\\[')),
    _text: _ => lexeme(phrase('%')),
    _spaced_text: _ => lexeme(phrase('%', '%;#')),
    expansion: _ => lexeme('%\\([^()%\\r\\n\\x00]*\\)(?:[-#0+]| +[-0+])* *[0-9]*(?:\\.[0-9]+)?[A-Za-z]'),
    escape_sequence: _ => '%%',
    _percent: _ => lexeme('%'),
  },
});

/** The rules for directives whose key is indented by `indent` blanks. */
function directive(indent) {
  const of = name => `_${name}_${indent}`;
  const continuation = $ => alias($[of('continuation')], $.continuation);
  const value = ($, ...rules) =>
    field('value', choice(...rules.map(rule => alias(rule, $.value))));
  const assign = $ => {
    const blank = optional(blankAndComment($));
    const end = seq(blank, optional(seq(continuation($), optional($.comment))));
    return seq(
      field('key', alias($._key_text, $.key)),
      optional($._blank),
      choice('=', ':'),
      choice(
        end,
        seq(value($, $._text, $[of('value')]), end),
        seq(
          choice($._blank, seq(blank, continuation($))),
          value($, $._spaced_text, $[of('spaced_value')]),
          end,
        ),
      ),
    );
  };
  const rules = {
    [of('directive')]: $ => seq(assign($), $._newline),
    [of('last_directive')]: assign,
    [of('value')]: $ => values($, $._text, $[of('value')], continuation($)),
    [of('spaced_value')]: $ =>
      values($, $._spaced_text, $[of('spaced_value')], continuation($)),
    [of('continuation')]: _ => lexeme(
      `(?:${EOL}${BLANKS}*(?:${COMMENT})?)*${EOL}${BLANKS}{${indent + 1}}${BLANKS}*`, 1,
    ),
  };
  if (indent > 0) {
    const next = INDENTS[INDENTS.indexOf(indent) + 1];
    const more = next ? `${BLANKS}?`.repeat(next - indent - 1) : `${BLANKS}*`;
    rules[of('indent')] = _ => lexeme(`${BLANKS}{${indent}}${more}`);
  }
  return rules;
}
