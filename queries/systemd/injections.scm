((comment) @injection.content
  (#set! injection.language "comment"))

; /bin/sh -c '…', also behind other options or another program
((exec_value
  (word) @_shell
  .
  (word) @_option
  .
  (word (quoted_string (string_content) @injection.content)))
  (#match? @_shell "(^|/)(ba|da|z|k)?sh$")
  (#match? @_option "^-[a-z]*c$")
  (#set! injection.language "bash")
  (#set! injection.include-children))
