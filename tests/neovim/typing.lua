--- What happens as one types.
local tap = dofile(vim.env.SVLSP_TESTS .. '/tap.lua')

--- A Neovim with a unit in it, and the server.
local function editing(text)
  local neovim = tap.neovim()
  neovim.lua('vim.cmd.edit(...)', tap.file('web.service', text))
  tap.wait('the server', function()
    return neovim.lua('return #vim.lsp.get_clients({ bufnr = 0 })') == 1
      and neovim.lua('return vim.lsp.get_clients({ bufnr = 0 })[1].initialized') == true
  end)
  return neovim
end

tap.test('CTRL-X CTRL-O completes settings, and then their values', function()
  local neovim = editing('[Service]\nExecStart=/bin/true')
  local function words()
    return neovim.lua([[return vim.tbl_map(function(item) return item.word end, vim.fn.complete_info().items)]])
  end
  neovim.type('GoRestart<C-x><C-o>')
  local found = tap.wait('the menu', function()
    local found = words()
    return #found > 0 and found
  end)
  assert(vim.iter(found):any(function(word)
    return vim.startswith(word, 'RestartSec')
  end), vim.inspect(found))
  neovim.type('<C-e><Esc>SRestart=on-<C-x><C-o>')
  tap.wait('the values', function()
    return vim.list_contains(words(), 'on-failure')
  end)
end)

tap.done()
