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

tap.test(':SvlspPreview shows the directory, and follows each keystroke', function()
  local neovim = editing('[Service]\nExecStart=/bin/true\nUser=a')
  neovim.type(':SvlspPreview runit<CR>')
  local function shown()
    local buf = neovim.lua([[return vim.fn.bufnr('^svlsp-preview://')]])
    return buf < 0 and '' or neovim.lua('return table.concat(vim.api.nvim_buf_get_lines(..., 0, -1, false), "\\n")', buf)
  end
  local function shows(text)
    tap.wait('the preview with ' .. text, function()
      return shown():find(text, 1, true)
    end)
  end
  shows('# web/run (executable)\n#!/bin/sh')
  shows('/bin/true')
  neovim.type('jAlove --now')
  shows('/bin/truelove --now')
  tap.same(neovim.lua('return vim.fn.mode()'), 'i')
  neovim.type('<Esc>u')
  tap.wait('the change to be gone', function()
    return not shown():find('truelove', 1, true)
  end)
  tap.same(neovim.lua('return vim.bo.modified'), false)
  tap.same(neovim.lua('return { #vim.api.nvim_list_wins(), #vim.lsp.get_clients() }'), { 2, 1 })
  neovim.type('<C-w>o')
  tap.wait('the end of the preview', function()
    return neovim.lua([[return vim.fn.bufnr('^svlsp-preview://')]]) == -1
  end)
end)

tap.done()
