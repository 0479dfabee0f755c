--- How Neovim starts the language server; `vim.lsp.config('svlsp', { … })` changes any of it.
local program = require('svlsp.program')
local found = program.find()

---@type vim.lsp.Config
return {
  cmd = found and found.command or { 'svlsp', 'lsp', '--stdio' },
  filetypes = { 'systemd', 'supervisord' },
  root_markers = { 'svlsp.toml', '.git' },
  root_dir = function(_, start)
    if program.there_is() then
      -- Without a folder: `root_markers` tell.
      start(nil)
    end
  end,
  settings = { svlsp = vim.empty_dict() },
  handlers = {
    ['svlsp/previewChanged'] = function(_, params)
      require('svlsp.preview').refresh(params.uri)
    end,
  },
}
