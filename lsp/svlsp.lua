--- How Neovim starts the language server; `vim.lsp.config('svlsp', { … })` changes any of it.
local found = require('svlsp.program').find()

---@type vim.lsp.Config
return {
  cmd = found and found.command or { 'svlsp', 'lsp', '--stdio' },
  filetypes = { 'systemd', 'supervisord' },
  root_markers = { 'svlsp.toml', '.git' },
  capabilities = {
    -- Neovim can, and says only the half of it.
    workspace = { workspaceEdit = { documentChanges = true } },
    -- The commands of code lenses that show something are there: svlsp.preview, svlsp.generateDirectory.
    experimental = { svlsp = { commands = true } },
  },
  settings = { svlsp = vim.empty_dict() },
  handlers = {
    ['svlsp/previewChanged'] = function(_, params)
      require('svlsp.preview').refresh(params.uri)
    end,
  },
}
