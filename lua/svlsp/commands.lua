--- The commands of users, and those that the server's code lenses carry.
local client = require('svlsp.client')

local M = {}

local HINTS = vim.list_extend({ 'off' }, client.backends)

---@param buf integer
---@param backend string empty: ask
---@param section string? of supervisord.conf, `program:web`; else all of it
function M.preview(buf, backend, section)
  if client.of(buf) then
    client.with_backend(backend, client.backends, function(choice)
      require('svlsp.preview').open(buf, choice, section)
    end)
  end
end

---@param buf integer
---@param backend string empty: ask
---@param section string? as of |M.preview|
function M.generate(buf, backend, section)
  local server = client.of(buf)
  if server then
    client.with_backend(backend, client.backends, function(choice)
      client.execute(server, 'svlsp.generate', { vim.uri_from_bufnr(buf), choice, section })
    end)
  end
end

--- Chooses whose equivalents the inlay hints tell, and shows or hides them in a buffer.
---@param buf integer
---@param backend string `off`: nobody's; empty: ask
function M.backend(buf, backend)
  local server = client.of(buf)
  if server then
    client.with_backend(backend, HINTS, function(choice)
      client.execute(server, 'svlsp.chooseBackend', { choice }, function()
        vim.lsp.inlay_hint.enable(choice ~= 'off', { bufnr = buf })
      end)
    end)
  end
end

--- Makes the commands of users known.
function M.register()
  local function command(name, act, choices, most, what)
    vim.api.nvim_create_user_command(name, function(call)
      act(vim.api.nvim_get_current_buf(), call.fargs[1] or '', call.fargs[2])
    end, {
      nargs = most,
      desc = what,
      complete = function(typed)
        return vim.iter(choices):filter(function(choice)
          return vim.startswith(choice, typed)
        end):totable()
      end,
    })
  end
  command('SvlspPreview', M.preview, client.backends, '*', 'Show the service directory of this unit beside it')
  command('SvlspGenerate', M.generate, client.backends, '*', 'Write the service directory of this unit')
  command('SvlspBackend', M.backend, HINTS, '?', 'Choose the backend of the inlay hints')

  vim.api.nvim_create_user_command('SvlspBuildParsers', function()
    require('svlsp.parsers').build(function(problem)
      client.say(problem or 'the parsers are built', problem and vim.log.levels.ERROR)
    end)
  end, { desc = 'Compile the tree-sitter parsers of units and supervisord.conf' })
end

--- Makes those known that code lenses carry.
function M.register_lenses()
  for name, act in pairs({ ['svlsp.preview'] = M.preview, ['svlsp.generateDirectory'] = M.generate }) do
    vim.lsp.commands[name] = function(call)
      local uri, backend, section = unpack(call.arguments)
      act(vim.uri_to_bufnr(uri), backend, section)
    end
  end
end

return M
