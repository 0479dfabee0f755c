--- The parsers are built, loaded, and give captures.
local tap = dofile(vim.env.SVLSP_TESTS .. '/tap.lua')
vim.g.svlsp_enabled = false
local parsers = require('svlsp.parsers')

local unit, conf

tap.test('without the parsers a unit is opened all the same', function()
  unit = tap.open('a.service', table.concat({
    '# A unit',
    '[Service]',
    'ExecStart=-/bin/echo "%i" $HOME',
    'Restart=on-failure',
    'KillMode=none \\',
    '# within',
    '  more',
    'RestartSec=5',
    'NoNewPrivileges=yes',
  }, '\n'))
  tap.same(parsers.state('systemd'), 'missing')
  tap.same(vim.treesitter.highlighter.active[unit], nil)
  tap.same(vim.bo[unit].syntax, 'systemd')
end)

tap.test('a compiler that fails is told of', function()
  local problem
  vim.env.CC = 'false'
  parsers.build(function(message)
    problem = message or 'none'
  end)
  tap.wait('the end of the build', function()
    return problem
  end)
  vim.env.CC = nil
  assert(problem:find('systemd', 1, true) and problem ~= 'none', problem)
  tap.same(parsers.state('systemd'), 'missing')
end)

tap.test(':SvlspBuildParsers highlights what is open', function()
  conf = tap.open('supervisord.conf', '[program:web]\ncommand=/bin/web %(host)s\nautostart=true')
  local said
  vim.notify = function(message)
    said = message
  end
  vim.cmd.SvlspBuildParsers()
  tap.wait('the message', function()
    return said
  end)
  tap.same(said, 'svlsp: the parsers are built')
  for _, buf in ipairs({ unit, conf }) do
    tap.same(vim.treesitter.highlighter.active[buf] ~= nil, true, 'highlighter')
  end
  tap.same(vim.fn.glob(vim.fn.stdpath('data') .. '/svlsp/*', true, true), {
    parsers.path('supervisord'),
    parsers.path('systemd'),
  })
end)

--- The captures at a place, counted from 0, without those of other languages.
local function captures(buf, line, column)
  vim.treesitter.get_parser(buf):parse(true)
  local found = vim.iter(vim.treesitter.get_captures_at_pos(buf, line, column))
  return found:map(function(capture)
    return capture.capture
  end):totable()
end

tap.test('captures in a unit', function()
  for _, case in ipairs({
    { 0, 2, 'comment' },
    { 1, 1, 'label' },
    { 2, 0, 'property' },
    { 2, 9, 'operator' },
    { 2, 10, 'operator' },
    { 2, 12, 'function' },
    { 2, 22, 'constant.builtin' },
    { 2, 27, 'variable' },
    { 3, 9, 'string' },
    { 4, 14, 'punctuation.special' },
    { 5, 2, 'comment' },
    { 6, 2, 'string' },
    { 7, 11, 'number' },
    { 8, 16, 'boolean' },
  }) do
    local found = captures(unit, case[1], case[2])
    tap.same(found[#found], case[3], ('line %d column %d'):format(case[1], case[2]))
  end
end)

tap.test('captures in supervisord.conf', function()
  for _, case in ipairs({
    { 0, 1, 'keyword' },
    { 0, 9, 'label' },
    { 1, 0, 'property' },
    { 1, 20, 'constant.builtin' },
    { 2, 10, 'boolean' },
  }) do
    local found = captures(conf, case[1], case[2])
    tap.same(found[#found], case[3], ('line %d column %d'):format(case[1], case[2]))
  end
end)

tap.test('a section and a long value fold', function()
  vim.cmd.buffer(unit)
  vim.wo.foldmethod = 'expr'
  vim.wo.foldexpr = 'v:lua.vim.treesitter.foldexpr()'
  tap.wait('the folds', function()
    return vim.fn.foldlevel(6) == 2
  end)
  tap.same(vim.fn.foldlevel(3), 1)
end)

tap.test('a unit that is opened later is highlighted at once', function()
  local buf = tap.open('b.timer', '[Timer]\nOnCalendar=daily')
  tap.same(vim.treesitter.highlighter.active[buf] ~= nil, true)
end)

tap.test('parsers older than their source are not used', function()
  vim.uv.fs_utime(parsers.path('systemd'), 1, 1)
  tap.same(parsers.state('systemd'), 'stale')
  local buf = tap.open('c.service', '[Service]')
  tap.same(vim.treesitter.highlighter.active[buf], nil)
end)

tap.done()
