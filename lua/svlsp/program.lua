--- Finding the svlsp program.
local M = {}

---@class svlsp.Found
---@field command string[] what starts the language server
---@field from string where it was found

--- What `vim.g.svlsp_cmd` says; else from `$PATH`; else what was built in this repository.
---@return svlsp.Found? found
---@return string? problem where nothing that can be run was found
function M.find()
  local chosen = vim.g.svlsp_cmd
  if chosen then
    local command = type(chosen) == 'table' and chosen or { vim.fn.expand(chosen), 'lsp', '--stdio' }
    if vim.fn.executable(command[1]) == 0 then
      return nil, ('vim.g.svlsp_cmd: `%s` is no program'):format(command[1])
    end
    return { command = command, from = 'vim.g.svlsp_cmd' }
  end
  local built = vim.fs.joinpath(require('svlsp.parsers').root, 'target', 'release', 'svlsp')
  for _, place in ipairs({ { 'svlsp', '$PATH' }, { built, 'the repository of this plugin' } }) do
    local path, from = unpack(place)
    if vim.fn.executable(path) == 1 then
      return { command = { vim.fn.exepath(path), 'lsp', '--stdio' }, from = from }
    end
  end
  return nil, '`svlsp` is neither in $PATH nor at ' .. built
end

return M
