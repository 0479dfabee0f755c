--- How the server is found and started, or not: in Neovims of their own.
local tap = dofile(vim.env.SVLSP_TESTS .. '/tap.lua')

local unit = vim.fn.tempname() .. '.service'
vim.fn.writefile({ '[Service]' }, unit)

--- Opens the unit in a new Neovim, runs `commands` before, and gives what `expression` is when all has come to rest.
local function neovim(commands, expression, environment)
  local words = { vim.v.progpath, '--clean', '--headless', '--cmd', 'let &runtimepath = $SVLSP_ROOT . "," . &runtimepath' }
  for _, command in ipairs(commands) do
    vim.list_extend(words, { '--cmd', command })
  end
  local script = ([[
    vim.schedule(function()
      io.stdout:write(vim.inspect(%s))
      vim.cmd('qall!')
    end)
  ]]):format(expression)
  vim.list_extend(words, { unit, '-c', 'lua ' .. script:gsub('\n', ' ') })
  local result = vim.system(words, { env = environment, text = true, timeout = 20000 }):wait()
  return result.stdout, result.stderr
end

local COMMAND = "vim.lsp.config['svlsp'].cmd[1]"
local CLIENTS = '#vim.lsp.get_clients({ _uninitialized = true })'

tap.test('vim.g.svlsp_cmd says what is run', function()
  tap.same(neovim({ 'let g:svlsp_cmd = $SVLSP' }, COMMAND), vim.inspect(vim.env.SVLSP))
  tap.same(neovim({ 'let g:svlsp_cmd = [$SVLSP, "lsp"]' }, "#vim.lsp.config['svlsp'].cmd"), '2')
  tap.same(neovim({ 'let g:svlsp_cmd = $SVLSP' }, CLIENTS), '1')
end)

tap.test('else the one in $PATH is', function()
  local folder = vim.fs.dirname(vim.env.SVLSP)
  tap.same(neovim({}, COMMAND, { PATH = folder .. ':' .. vim.env.PATH }), vim.inspect(folder .. '/svlsp'))
end)

tap.test('what a user configures counts more', function()
  tap.same(neovim({ 'lua vim.lsp.config("svlsp", { cmd = { "mine" } })' }, COMMAND), '"mine"')
end)

tap.test('a program that is missing is told of, and nothing else happens', function()
  local printed, errors = neovim({ 'let g:svlsp_cmd = "/nowhere/svlsp"' }, CLIENTS)
  tap.same(printed, '0')
  assert(errors:find('svlsp: vim.g.svlsp_cmd: `/nowhere/svlsp` is no program; see :checkhealth svlsp', 1, true), errors)
  assert(not errors:find('Error', 1, true), errors)
end)

tap.test('vim.g.svlsp_enabled = false turns the server off', function()
  local off = { 'let g:svlsp_cmd = $SVLSP', 'let g:svlsp_enabled = v:false' }
  tap.same(neovim(off, CLIENTS), '0')
  tap.same(neovim(off, 'vim.bo.filetype'), '"systemd"')
end)

tap.done()
