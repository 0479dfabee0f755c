/**
 * systemd unit files, as systemd.syntax(7) and its reader in
 * src/shared/conf-parser.c define them.
 *
 * Any bytes have a tree without ERROR and MISSING nodes. Three devices make
 * that possible without an external scanner and without ambiguity:
 *
 * - Every character is matched by some token in every state. A character
 *   with a meaning of its own (`%`, `$`, `\`) is also a token by itself,
 *   which loses against the longer match where the meaning applies.
 * - A continuation belongs to a value only when more of the value follows.
 *   Keys and values are therefore left-recursive hidden rules that get their
 *   name by an alias: up to the next word both readings are one LR state.
 * - `continuation` and `comment` are ordinary items, not extras.
 */
const { not, lexeme, glued, lines } = require('../common/shared');

const EOL = '\\r\\n\\x00';
const BLANK = ' \\t';
const SPACE = BLANK + EOL;

// `\` and the character after it. The reader counts backslashes in pairs, so
// the second of two never continues the line.
const pair = excluded => `\\\\${not(excluded)}`;
// A run that begins and ends with a non-blank.
const phrase = unit => `(?:${unit})(?:[${BLANK}]*(?:${unit}))*`;
// `$` where it is no more than a character.
const dollar = excluded => `\\$${not('{' + excluded)}`;

const SPECIAL = '\\\\%$';
const QUOTES = `"'`;
const KEY = phrase(`${not('=\\\\' + SPACE)}|${pair('=' + SPACE)}`);
const NAME = phrase(`${not('\\]\\\\' + SPACE)}|${pair('\\]' + SPACE)}`);
const VALUE = phrase(`${not('%\\\\' + SPACE)}|${pair('%' + SPACE)}`);
const WORD = `(?:${not(QUOTES + SPECIAL + SPACE)}|${dollar(QUOTES + SPECIAL + SPACE)})+`;
const STRING = quote =>
  phrase(`${not(quote + SPECIAL + SPACE)}|${dollar(quote + SPECIAL + SPACE)}`);
const ASSIGNED = `${not(QUOTES + '\\\\%' + SPACE)}`;
const SPECIFIER = '%[A-Za-z%]';
const ESCAPE = '\\\\(?:[abefnrstv\\\\"\';]|x[0-9A-Fa-f]{2}|[0-7]{3}'
  + '|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})|\\$\\$';
const IDENTIFIER = '[A-Za-z_][A-Za-z0-9_]*';

// Not the beginning of a key.
const OPEN = token(prec(1, '['));

// The continuations between two parts of what they join.
const joined = $ => repeat1($._joint);
const maybeJoined = $ => optional(joined($));

/**
 * `first`, then more `item`s, over any number of lines. A lone backslash is
 * an item by itself, so that the rule around the list can take it for a
 * continuation when the file ends there.
 */
const list = ($, self, first, item) => choice(
  first,
  seq(self, joined($), repeat1(item)),
  seq(self, maybeJoined($), $._backslash, repeat(item)),
);
/** What makes a list end with `last`, which nothing can follow. */
const listEnd = ($, self, item, last) => choice(
  seq(self, joined($), repeat(item), last),
  seq(self, maybeJoined($), $._backslash, repeat(item), last),
);

const keys = $ => [$._key_text, $._key, $._exec_key, $._environment_key];
const invalid = $ => choice(
  ...[...keys($), $._keyless].map(rule => alias(rule, $.invalid_line)),
);

const value = ($, ...rules) =>
  field('value', choice(...rules.map(([rule, name]) => alias(rule, name))));

/**
 * The kinds of directive: the keys of each, its values, and those of its
 * values that end in an unterminated string, which takes all that follows.
 */
const kinds = $ => [
  [[$._key_text, $._key], [[$._value_text, $.value], [$._value, $.value]], []],
  [
    [$._exec_key],
    [[$._exec, $.exec_value], [$._exec_separated, $.exec_value]],
    [[$._exec_open, $.exec_value]],
  ],
  [
    [$._environment_key],
    [[$._environment, $.environment_value]],
    [[$._environment_open, $.environment_value]],
  ],
];
const key = ($, rules) => seq(
  field('key', choice(...rules.map(rule => alias(rule, $.key)))),
  maybeJoined($),
  '=',
);
const assign = ($, end) => choice(...kinds($).map(([keys, values]) =>
  seq(key($, keys), choice(end, seq(maybeJoined($), value($, ...values), end)))));
const assignOpen = $ => choice(...kinds($).filter(([, , open]) => open.length).map(
  ([keys, , open]) => seq(key($, keys), maybeJoined($), value($, ...open))));

// A backslash that the end of the file follows.
const lastBackslash = $ => seq(maybeJoined($), alias($._backslash, $.continuation));

// Content of a string: one token, or several parts and lines of them.
const content = ($, text, rule) => choice(
  ...[].concat(text, rule).map(part => alias(part, $.string_content)),
);
const stringParts = ($, text) => choice(
  text, $.specifier, $.escape_sequence, $.variable, $._lone, $._backslash,
);
const contentRule = ($, self, text) => choice(
  seq(text, repeat1(stringParts($, text))),
  seq(
    choice($.specifier, $.escape_sequence, $.variable, $._lone, $._backslash),
    repeat(stringParts($, text)),
  ),
  seq(choice(text, self), joined($), repeat1(stringParts($, text))),
);
const inside = ($, text, rule) =>
  seq(maybeJoined($), optional(seq(content($, text, rule), maybeJoined($))));

const wordParts = $ => [
  alias($._glued_specifier, $.specifier),
  alias($._glued_escape, $.escape_sequence),
  $._glued_lone,
  $._glued_pair,
  alias($._glued_double, $.quoted_string),
  alias($._glued_single, $.quoted_string),
];
const openStrings = ($, ...rules) =>
  choice(...rules.map(rule => alias(rule, $.unterminated_string)));
const wordStarts = $ => [$.specifier, $.escape_sequence, $._lone, $._pair];

module.exports = grammar({
  name: 'systemd',
  extras: _ => [/[ \t]/],
  rules: {
    ...lines,

    _line: $ => choice($._newline, seq($._item, $._newline), $.continuation),
    _last_line: $ => choice(
      $._item,
      alias($._last_directive, $.directive),
      prec(1, seq(invalid($), lastBackslash($))),
      prec(1, alias($._backslash, $.continuation)),
    ),
    _item: $ => choice(
      $.comment, $.directive, seq(invalid($), maybeJoined($)),
    ),

    // A broken header begins a section too: most likely it is being typed.
    _header: $ => choice($.section_header, $.invalid_header),
    // The name is what is between the first `[` and the last `]`, trimmed.
    section_header: $ => prec(1, seq(
      OPEN, optional(alias($._name, $.section_name)), ']', maybeJoined($),
    )),
    invalid_header: $ => seq(OPEN, optional($._name)),
    _name: $ => choice(
      $._name_part,
      seq($._name, $._name_part),
      prec.right(seq(optional($._name), joined($))),
      prec(-1, seq(optional($._name), ']', maybeJoined($))),
    ),
    _name_part: $ => choice($._name_text, $._backslash),

    directive: $ => choice(assign($, maybeJoined($)), assignOpen($)),
    _last_directive: $ => prec(1, assign($, lastBackslash($))),

    _key: $ => choice(
      $._backslash,
      seq(choice(...keys($)), maybeJoined($), $._key_part),
    ),
    _key_part: $ => choice($._key_text, $._exec_key, $._environment_key, $._backslash),
    // systemd ignores an assignment to nothing.
    _keyless: $ => choice('=', seq($._keyless, maybeJoined($), choice($._value_part, $._backslash))),

    _value: $ => choice(
      list($, $._value, choice(
        seq($._value_text, repeat1($._value_part)),
        seq(choice($._value_special, $._backslash), repeat($._value_part)),
      ), $._value_part),
      seq($._value_text, joined($), repeat1($._value_part)),
      seq($._value_text, maybeJoined($), $._backslash, repeat($._value_part)),
    ),
    _value_part: $ => choice($._value_text, $._value_special),
    _value_special: $ => choice($.specifier, $._lone),

    // Commands separated by `;`; `_exec_separated` ends with one.
    _exec: $ => choice(
      list($, $._exec, $._command, $._word),
      seq($._exec_separated, maybeJoined($), $._command),
    ),
    _exec_separated: $ => choice(
      $.separator,
      seq(choice($._exec, $._exec_separated), maybeJoined($), $.separator),
    ),
    _exec_open: $ => choice(
      seq(optional(seq($._exec_separated, maybeJoined($))), choice(
        seq(optional($.prefix), field('program', alias($._open_word, $.word))),
        seq(
          choice(seq(optional($.prefix), field('program', $._word)), $._backslash),
          repeat($._word),
          alias($._open_word, $.word),
        ),
      )),
      listEnd($, $._exec, $._word, alias($._open_word, $.word)),
    ),
    _command: $ => choice(
      $.prefix,
      seq(
        choice(seq(optional($.prefix), field('program', $._word)), $._backslash),
        repeat($._word),
      ),
    ),

    _word: $ => choice(alias($._word_text, $.word), alias($._compound_word, $.word)),
    _compound_word: $ => choice(
      $._word_start,
      alias($._whole_variable, $.variable),
      seq(choice($._word_text, $._whole_variable, $._word_start), repeat1($._word_part)),
    ),
    _open_word: $ => choice(
      openStrings($, $._double_open, $._single_open),
      seq(
        choice($._word_text, $._whole_variable, $._word_start),
        repeat($._word_part),
        openStrings($, $._glued_double_open, $._glued_single_open),
      ),
    ),
    _word_start: $ => choice(
      ...wordStarts($),
      $.variable,
      alias($._double, $.quoted_string),
      alias($._single, $.quoted_string),
    ),
    _word_part: $ => choice(
      $._glued_word_text, alias($._glued_variable, $.variable), ...wordParts($),
    ),

    _environment: $ => list($, $._environment, choice(
      repeat1($._environment_item),
      seq($._backslash, repeat($._environment_item)),
    ), $._environment_item),
    _environment_open: $ => choice(
      seq(optional($._backslash), repeat($._environment_item), $._open_environment_item),
      listEnd($, $._environment, $._environment_item, $._open_environment_item),
    ),
    _environment_item: $ => choice(
      $.assignment,
      alias($._identifier, $.word),
      alias($._environment_text, $.word),
      alias($._environment_word, $.word),
    ),
    _open_environment_item: $ => choice(
      alias($._open_assignment, $.assignment),
      alias($._open_environment_word, $.word),
    ),
    assignment: $ => seq($._assignment_start, repeat($._environment_part)),
    _open_assignment: $ => choice(
      $._double_assignment_open,
      $._single_assignment_open,
      seq(
        $._assignment_start,
        repeat($._environment_part),
        openStrings($, $._glued_double_open, $._glued_single_open),
      ),
    ),
    _assignment_start: $ => choice(
      seq(field('name', alias($._identifier, $.variable_name)), $._equals),
      $._double_assignment,
      $._single_assignment,
    ),
    _environment_word: $ => choice(
      $._environment_start,
      seq(
        choice($._identifier, $._environment_text, $._environment_start),
        repeat1($._environment_part),
      ),
    ),
    _open_environment_word: $ => choice(
      openStrings($, $._double_words_open, $._single_words_open),
      seq(
        choice($._identifier, $._environment_text, $._environment_start),
        repeat($._environment_part),
        openStrings($, $._glued_double_open, $._glued_single_open),
      ),
    ),
    _environment_part: $ => choice($._glued_environment_text, ...wordParts($)),
    _environment_start: $ => choice(
      ...wordStarts($),
      alias($._double_words, $.quoted_string),
      alias($._single_words, $.quoted_string),
    ),

    ...strings('double', '"'),
    ...strings('single', "'"),

    _joint: $ => choice(
      seq($.continuation, repeat(seq($.comment, $._newline))),
      // Only the end of the file follows a comment without a newline.
      prec(-1, seq($.continuation, repeat(seq($.comment, $._newline)), $.comment)),
    ),

    // Where two tokens match the same text, the one named first here wins.
    continuation: _ => lexeme('\\\\(?:(?:\\n\\r?|\\r\\n?)\\x00?|\\x00)'),
    _newline: _ => lexeme('(?:\\n\\r?|\\r\\n?)\\x00?|\\x00'),
    comment: _ => lexeme(`[#;]${not(EOL)}*`, 2),
    prefix: _ => lexeme('[-@:+!|]+', 1),
    separator: _ => ';',
    specifier: _ => lexeme(SPECIFIER),
    escape_sequence: _ => lexeme(ESCAPE),
    variable: _ => lexeme('\\$\\{[A-Za-z0-9_]+\\}'),
    _glued_specifier: _ => glued(SPECIFIER),
    _glued_escape: _ => glued(ESCAPE),
    _glued_variable: _ => glued('\\$\\{[A-Za-z0-9_]+\\}'),
    _glued_identifier: _ => glued(IDENTIFIER, 2),
    _equals: _ => glued('=', 2),
    _exec_key: _ => lexeme(
      'Exec(?:Condition|StartPre|StartPost|Start|ReloadPost|Reload|StopPre|StopPost|Stop)',
    ),
    _environment_key: _ => lexeme('Environment'),
    _whole_variable: _ => lexeme(`\\$${IDENTIFIER}`),
    _identifier: _ => lexeme(IDENTIFIER),

    _key_text: _ => lexeme(KEY),
    _name_text: _ => lexeme(NAME),
    _value_text: _ => lexeme(VALUE),
    _word_text: _ => lexeme(WORD),
    _glued_word_text: _ => glued(WORD),
    _environment_text: _ => lexeme(`${not('=' + QUOTES + '\\\\%' + SPACE)}+|=${ASSIGNED}*`),
    _glued_environment_text: _ => glued(`${ASSIGNED}+`),

    // What is left when nothing longer matches.
    _pair: _ => lexeme(pair(SPACE), -1),
    _glued_pair: _ => glued(pair(SPACE), 0),
    _lone: _ => lexeme('[%$]'),
    _glued_lone: _ => glued('[%$]'),
    _backslash: _ => lexeme('\\\\', -2),
  },
});

/**
 * The rules for strings in one kind of quotes: as (part of) a word, glued to
 * what is before it, and as a whole environment assignment.
 */
function strings(name, quote) {
  const of = suffix => `_${name}${suffix}`;
  const text = $ => $[of('_text')];
  const body = $ => inside($, text($), $[of('_content')]);
  const words = $ => inside(
    $, [text($), $._glued_identifier], [$[of('_content')], $[of('_words_content')]],
  );
  const assigned = $ => seq(
    quote,
    field('name', alias($._glued_identifier, $.variable_name)),
    $._equals,
    body($),
  );
  const gluedQuote = $ => alias($[of('_glued_quote')], quote);
  return {
    [of('')]: $ => seq(quote, body($), quote),
    [of('_open')]: $ => seq(quote, body($)),
    [`_glued_${name}`]: $ => seq(gluedQuote($), body($), quote),
    [`_glued_${name}_open`]: $ => seq(gluedQuote($), body($)),
    [of('_assignment')]: $ => seq(assigned($), quote),
    [of('_assignment_open')]: $ => assigned($),
    [of('_words')]: $ => seq(quote, words($), quote),
    [of('_words_open')]: $ => seq(quote, words($)),

    [of('_content')]: $ => contentRule($, $[of('_content')], text($)),
    // A content that begins like the name of a variable.
    [of('_words_content')]: $ => choice(
      seq($._glued_identifier, maybeJoined($), repeat1(stringParts($, text($)))),
      seq($[of('_words_content')], joined($), repeat1(stringParts($, text($)))),
    ),
    [of('_glued_quote')]: _ => glued(quote),
    [of('_text')]: _ => lexeme(STRING(quote)),
  };
}
