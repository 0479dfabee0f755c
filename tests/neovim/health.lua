--- :checkhealth and :help
local tap = dofile(vim.env.SVLSP_TESTS .. '/tap.lua')

local function report()
  vim.cmd('silent checkhealth svlsp')
  return tap.wait('the report', function()
    local text = tap.text(0)
    return text:find('parser of supervisord', 1, true) and text or text:find('supervisord: ', 1, true) and text
  end)
end

tap.test('nothing is wrong before the parsers are built, and it says how to build them', function()
  local text = report()
  assert(not text:find('ERROR'), text)
  assert(text:find('svlsp %d+%.%d+'), text)
  assert(text:find('the parser of systemd is missing', 1, true) and text:find(':SvlspBuildParsers', 1, true), text)
end)

tap.test('nothing is left to say when they are', function()
  local built = false
  require('svlsp.parsers').build(function(problem)
    tap.same(problem, nil)
    built = true
  end)
  tap.wait('the parsers', function()
    return built
  end)
  local text = report()
  assert(not text:find('ERROR') and not text:find('WARNING'), text)
end)

tap.test('a program that is none is an error', function()
  vim.g.svlsp_cmd = '/nowhere/svlsp'
  assert(report():find('ERROR vim.g.svlsp_cmd: `/nowhere/svlsp` is no program', 1, true))
end)

tap.test('the help has its tags, and describes all there is', function()
  local folder = vim.fn.tempname()
  vim.fn.mkdir(folder .. '/doc', 'p')
  vim.uv.fs_copyfile(vim.env.SVLSP_ROOT .. '/doc/svlsp.txt', folder .. '/doc/svlsp.txt')
  vim.cmd.helptags(folder .. '/doc')
  vim.opt.runtimepath:append(folder)
  local tags = { 'svlsp', 'svlsp.txt', 'g:svlsp_cmd', 'g:svlsp_enabled' }
  for name in pairs(vim.api.nvim_get_commands({})) do
    if vim.startswith(name, 'Svlsp') then
      table.insert(tags, ':' .. name)
    end
  end
  assert(#tags == 8, 'four commands')
  for _, tag in ipairs(tags) do
    vim.cmd.help(tag)
    tap.same(vim.fn.expand('%:t'), 'svlsp.txt', tag)
    assert(vim.api.nvim_get_current_line():find('*' .. tag .. '*', 1, true), tag)
  end
end)

tap.done()
