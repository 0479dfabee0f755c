; The later pattern wins.

(comment) @comment

(section_name) @label
(section_header ["[" "]"] @punctuation.bracket)
(invalid_header "[" @punctuation.bracket)

(directive key: (key) @property)
(directive "=" @operator)

(value) @string
(exec_value (word) @string)
(exec_value program: (word) @function)
(environment_value (word) @string)
(assignment) @string
(assignment name: (variable_name) @variable)

((value) @boolean
  (#any-of? @boolean
    "1" "yes" "y" "true" "t" "on" "0" "no" "n" "false" "f" "off"
    "Yes" "No" "True" "False" "On" "Off" "YES" "NO" "TRUE" "FALSE" "ON" "OFF"))
((value) @number
  (#match? @number "^[-+]?[0-9]+([.][0-9]+)?[%]?$")
  (#not-any-of? @number "0" "1"))

(prefix) @operator
(separator) @punctuation.delimiter
(continuation) @punctuation.special

(specifier) @constant.builtin
(variable) @variable
(escape_sequence) @string.escape
