--- The language server is turned on when the first file of ours is opened: Neovim's client for
--- language servers takes longer to load than all else here.
local M = {}

local started = false

---@param buf integer the file
function M.once(buf)
  if started or vim.g.svlsp_enabled == false then
    return
  end
  started = true
  require('svlsp.commands').register_lenses()
  local command = vim.lsp.config.svlsp.cmd
  if type(command) == 'table' and vim.fn.executable(command[1]) == 0 then
    -- Neovim says so in its log only.
    local _, problem = require('svlsp.program').find()
    problem = problem or ('`%s` is no program'):format(command[1])
    return vim.notify(('svlsp: %s; see :checkhealth svlsp'):format(problem), vim.log.levels.WARN)
  end
  vim.lsp.enable('svlsp')
  vim.api.nvim_create_autocmd('BufWritePost', {
    group = 'svlsp',
    pattern = 'svlsp.toml',
    callback = function(event)
      M.tell_of_change(event.match)
    end,
  })
  if vim.v.vim_did_enter == 0 then
    -- Else `enable` looks at the files that are open. What it listens with is too young for this event.
    vim.api.nvim_exec_autocmds('FileType', { group = 'nvim.lsp.enable', buffer = buf, modeline = false })
  end
end

--- Has the servers read a file anew: on Linux Neovim watches none.
---@param path string
function M.tell_of_change(path)
  local change = { uri = vim.uri_from_fname(path), type = vim.lsp.protocol.FileChangeType.Changed }
  for _, client in ipairs(vim.lsp.get_clients({ name = 'svlsp' })) do
    client:notify('workspace/didChangeWatchedFiles', { changes = { change } })
  end
end

return M
