--- Talking to the server of a buffer.
local M = {}

--- The supervisors that svlsp knows.
M.backends = { 'runit', 's6', 's6-rc', 'nosh', 'systemd' }

---@param message string
---@param level integer?
function M.say(message, level)
  vim.notify('svlsp: ' .. message, level or vim.log.levels.INFO)
end

--- The client of a buffer; says so where there is none.
---@param buf integer
---@return vim.lsp.Client?
function M.of(buf)
  local client = vim.lsp.get_clients({ bufnr = buf, name = 'svlsp' })[1]
  if not client then
    M.say('no server for this buffer; see :checkhealth svlsp', vim.log.levels.ERROR)
  end
  return client
end

--- Calls `act` with the backend that was named, else with the one that the user picks.
---@param named string empty: none was
---@param choices string[]
---@param act fun(backend: string)
function M.with_backend(named, choices, act)
  if named == '' then
    vim.ui.select(choices, { prompt = 'Backend' }, function(choice)
      if choice then
        act(choice)
      end
    end)
  elseif vim.list_contains(choices, named) then
    act(named)
  else
    M.say(('no backend `%s`: expected %s'):format(named, table.concat(choices, ', ')), vim.log.levels.ERROR)
  end
end

--- Has the server run one of its commands; `done` gets the answer, a refusal is shown.
---@param client vim.lsp.Client
---@param command string
---@param arguments any[]
---@param done fun(result: any)?
function M.execute(client, command, arguments, done)
  client:request('workspace/executeCommand', { command = command, arguments = arguments }, function(problem, result)
    if problem then
      M.say(problem.message, vim.log.levels.ERROR)
    elseif done then
      done(result)
    end
  end)
end

return M
