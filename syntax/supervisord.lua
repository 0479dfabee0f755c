-- Where the tree-sitter parser isn't built.
vim.cmd.runtime({ 'syntax/dosini.vim', bang = true })
