; The later pattern wins.

(comment) @comment
; What leads to the next line of a value: its indentation, and comments.
(continuation) @comment

(section_header ["[" "]"] @punctuation.bracket)
(invalid_header "[" @punctuation.bracket)
(section_name) @label
(section_name kind: (section_kind) @keyword)
(section_name name: (section_label) @label)
(section_name ":" @punctuation.delimiter)

(directive key: (key) @property)
(directive ["=" ":"] @operator)

(value) @string
((value) @boolean
  (#match? @boolean "^([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]|[Yy][Ee][Ss]|[Nn][Oo]|[Oo][Nn]|[Oo][Ff][Ff])$"))
((value) @number
  (#match? @number "^[-+]?[0-9]+([KkMmGg][Bb])?$"))

(expansion) @constant.builtin
(escape_sequence) @string.escape
