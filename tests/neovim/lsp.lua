--- The language server as Neovim uses it.
local tap = dofile(vim.env.SVLSP_TESTS .. '/tap.lua')

local UNIT = table.concat({
  '[Service]',
  'ExecStart=/bin/true',
  'Restart=sometimes',
}, '\n')

--- The server of a buffer, once it is there.
local function attached(buf)
  return tap.wait('the server', function()
    local client = vim.lsp.get_clients({ bufnr = buf, name = 'svlsp' })[1]
    return client and client.initialized and client
  end)
end

--- The codes of the diagnostics of a buffer, once they are these.
local function codes(buf, wanted)
  local found
  local came = vim.wait(20000, function()
    found = vim.iter(vim.diagnostic.get(buf)):map(function(one)
      return one.code
    end):totable()
    return vim.deep_equal(found, wanted)
  end, 5)
  assert(came, ('diagnostics: %s, wanted %s'):format(vim.inspect(found), vim.inspect(wanted)))
end

local function request(client, buf, method, params)
  local answer, problem = client:request_sync(method, params, 20000, buf)
  assert(answer, problem)
  assert(not answer.err, vim.inspect(answer.err))
  return answer.result
end

local function at(buf, line, column)
  return { textDocument = { uri = vim.uri_from_bufnr(buf) }, position = { line = line, character = column } }
end

tap.test('it is started for a unit, in the folder of svlsp.toml', function()
  local folder = vim.fn.tempname()
  vim.fn.mkdir(folder .. '/a/b', 'p')
  vim.fn.writefile({}, folder .. '/a/svlsp.toml')
  vim.fn.writefile({ '[Service]' }, folder .. '/a/b/x.service')
  vim.cmd.edit(folder .. '/a/b/x.service')
  local client = attached(0)
  tap.same(client.root_dir, vim.uv.fs_realpath(folder .. '/a'))
  tap.same(client.offset_encoding, 'utf-8')
  vim.cmd.edit(folder .. '/a/notes.txt')
  tap.same(#vim.lsp.get_clients({ bufnr = 0 }), 0)
end)

tap.test('diagnostics come, and go with what caused them', function()
  local buf = tap.open('web.service', UNIT)
  attached(buf)
  codes(buf, { 'invalid-value' })
  local one = vim.diagnostic.get(buf)[1]
  tap.same({ one.lnum, one.col, one.severity }, { 2, 8, vim.diagnostic.severity.ERROR })
  vim.api.nvim_buf_set_lines(buf, 2, 3, false, { 'Restart=always' })
  codes(buf, {})
end)

tap.test('K tells what is below the cursor', function()
  local buf = tap.open('web.service', UNIT:gsub('sometimes', 'always'))
  attached(buf)
  vim.api.nvim_win_set_cursor(0, { 3, 2 })
  vim.lsp.buf.hover()
  local shown = tap.wait('the hover', function()
    local window = vim.b[buf].lsp_floating_preview
    return window and vim.api.nvim_win_is_valid(window) and tap.text(vim.api.nvim_win_get_buf(window))
  end)
  assert(shown:find('Restart=', 1, true) and shown:find('runit', 1, true), shown)
end)

tap.test('supervisord.conf is served too', function()
  local buf = tap.open('supervisord.conf', '[supervisord]\n[program:web]\ncommand=/bin/true\nautostart=maybe')
  local client = attached(buf)
  codes(buf, { 'invalid-value' })
  local hover = request(client, buf, 'textDocument/hover', at(buf, 3, 2))
  assert(hover.contents.value:find('autostart', 1, true), vim.inspect(hover))
end)

tap.test('gq and vim.lsp.buf.format lay a unit out', function()
  local buf = tap.open('web.service', '[Service]\nExecStart = /bin/true\n\n\n\nUser =a\n[Install]')
  attached(buf)
  vim.cmd.normal({ 'gggqj', bang = true })
  tap.same(vim.api.nvim_buf_get_lines(buf, 1, 2, false), { 'ExecStart=/bin/true' })
  vim.lsp.buf.format({ timeout_ms = 20000 })
  tap.same(tap.text(buf), '[Service]\nExecStart=/bin/true\n\nUser=a\n\n[Install]')
end)

tap.test('gO lists the sections, and the server colours what it knows', function()
  local buf = tap.open('web.service', '[Service]\nExecStart=/bin/true\n[Install]\nAlias=a.service')
  attached(buf)
  vim.lsp.buf.document_symbol()
  local names = tap.wait('the list', function()
    local list = vim.fn.getloclist(0)
    return #list > 0 and vim.iter(list):map(function(item)
      return item.text
    end):join(' ')
  end)
  assert(names:find('Service', 1, true) and names:find('Install', 1, true), names)
  vim.cmd.lclose()
  tap.wait('semantic tokens', function()
    local tokens = vim.lsp.semantic_tokens.get_at_pos(buf, 1, 0)
    return tokens and #tokens > 0
  end)
end)

--- A unit in a folder of its own, that may be written to.
local function in_folder(text)
  local path = tap.file('web.service', text)
  vim.fn.writefile({}, vim.fs.dirname(path) .. '/svlsp.toml')
  vim.cmd.edit(path)
  attached(0)
  return vim.fs.dirname(path)
end

--- What the server says to the user because of `act`.
local function said(act)
  local message
  vim.lsp.handlers['window/showMessage'] = function(_, params)
    message = params.message
  end
  act()
  return tap.wait('the message', function()
    return message
  end)
end

--- Applies the code action at the cursor whose title has `words` in it.
local function apply(words)
  vim.lsp.buf.code_action({
    apply = true,
    filter = function(action)
      return action.title:find(words, 1, true)
    end,
  })
end

tap.test('a fix is applied', function()
  local buf = tap.open('web.service', UNIT:gsub('sometimes', 'on-failur'))
  attached(buf)
  codes(buf, { 'invalid-value' })
  vim.api.nvim_win_set_cursor(0, { 3, 9 })
  apply('on-failure')
  tap.wait('the fix', function()
    return tap.text(buf):find('Restart=on%-failure$')
  end)
  codes(buf, {})
end)

tap.test('a drop-in that overrides a setting is made, in its folder', function()
  local folder = in_folder('[Service]\nExecStart=/bin/true\nNice=5')
  vim.api.nvim_win_set_cursor(0, { 3, 2 })
  apply('Override Nice=')
  local drop_in = folder .. '/web.service.d/override.conf'
  tap.wait('the drop-in', function()
    return vim.fn.bufloaded(drop_in) == 1 and tap.text(vim.fn.bufnr(drop_in)):find('Nice=5', 1, true)
  end)
  vim.cmd('silent wall')
  tap.same(vim.fn.filereadable(drop_in), 1)
end)

tap.test('a code action writes the directory', function()
  local folder = in_folder('[Service]\nExecStart=/bin/true')
  local message = said(function()
    apply('Generate s6 directory')
  end)
  assert(message:find('written', 1, true), message)
  tap.same(vim.fn.executable(folder .. '/s6/web/run'), 1)
end)

tap.test(':SvlspGenerate writes it too, and spares what somebody has changed', function()
  local run = in_folder('[Service]\nExecStart=/bin/true') .. '/runit/web/run'
  local function generate()
    return said(function()
      vim.cmd.SvlspGenerate('runit')
    end)
  end
  local message = generate()
  assert(message:find('written', 1, true), message)
  tap.same(vim.fn.executable(run), 1)
  assert(vim.iter(vim.fn.readfile(run)):join('\n'):find('/bin/true', 1, true))
  vim.fn.writefile({ '#!/bin/sh', '# mine' }, run)
  vim.api.nvim_buf_set_lines(0, 1, 2, false, { 'ExecStart=/bin/false' })
  message = generate()
  assert(message:find('nothing written for runit', 1, true), message)
  tap.same(vim.fn.readfile(run), { '#!/bin/sh', '# mine' })
end)

tap.test(':SvlspBackend shows hints of another backend, or none', function()
  local buf = tap.open('web.service', '[Service]\nExecStart=/bin/true\nUser=www-data\nSystemCallFilter=@system-service')
  attached(buf)
  local function hints(wanted)
    tap.wait('hints with ' .. wanted, function()
      local found = vim.iter(vim.lsp.inlay_hint.get({ bufnr = buf }))
      local text = found
        :map(function(one)
          local label = one.inlay_hint.label
          return ('%d %s'):format(one.inlay_hint.position.line, type(label) == 'table' and label[1].value or label)
        end)
        :join('\n')
      return text:find(wanted, 1, true)
    end)
  end
  vim.cmd.SvlspBackend('runit')
  hints('2 → setpriv')
  hints('3 ✗ runit: no equivalent')
  vim.cmd.SvlspBackend('s6')
  hints('s6-setuidgid')
  tap.same(vim.lsp.inlay_hint.is_enabled({ bufnr = buf }), true)
  vim.cmd.SvlspBackend('off')
  tap.wait('no hints', function()
    return not vim.lsp.inlay_hint.is_enabled({ bufnr = buf })
  end)
end)

tap.test('code lenses open the preview', function()
  local folder = in_folder('[Service]\nExecStart=/bin/true')
  local client = attached(0)
  client.settings = { svlsp = { backend = { 'nosh' } } }
  client:notify('workspace/didChangeConfiguration', { settings = client.settings })
  local function titles()
    vim.lsp.codelens.refresh({ bufnr = 0 })
    return vim.iter(vim.lsp.codelens.get(0)):map(function(lens)
      return lens.command and lens.command.title or ''
    end):totable()
  end
  tap.wait('the lenses', function()
    return vim.iter(titles()):any(function(title)
      return vim.startswith(title, 'nosh: ')
    end)
  end)
  local lens = vim.iter(vim.lsp.codelens.get(0)):find(function(one)
    return one.command.title == 'preview'
  end)
  client:exec_cmd(lens.command, { bufnr = 0 })
  tap.wait('the preview', function()
    local buf = vim.fn.bufnr('^svlsp-preview://nosh' .. folder)
    return buf > 0 and tap.text(buf):find('# web/', 1, true)
  end)
  vim.cmd.only()
  client.settings = { svlsp = vim.empty_dict() }
  client:notify('workspace/didChangeConfiguration', { settings = client.settings })
end)

tap.test('of supervisord.conf one program is previewed, or all', function()
  local function section(name)
    return ('[program:%s]\ncommand=/bin/%s\n'):format(name, name)
  end
  local buf = tap.open('supervisord.conf', '[supervisord]\n' .. section('web') .. section('mail'))
  attached(buf)
  local function preview(tail, ...)
    vim.cmd.SvlspPreview({ args = { ... } })
    local name = 'svlsp-preview://systemd' .. vim.api.nvim_buf_get_name(buf) .. tail
    return tap.wait('the preview', function()
      return vim.iter(vim.api.nvim_list_bufs()):find(function(one)
        return vim.api.nvim_buf_get_name(one) == name and tap.text(one):find('# web.service', 1, true)
      end)
    end)
  end
  local one = preview('[program:web]', 'systemd', 'program:web')
  tap.same(tap.text(one):find('# mail.service', 1, true), nil)
  tap.same(type(tap.text(preview('', 'systemd')):find('# mail.service', 1, true)), 'number')
  vim.api.nvim_buf_set_lines(buf, 2, 3, false, { 'command=/bin/web --verbose' })
  tap.wait('the change', function()
    return tap.text(one):find('ExecStart=/bin/web --verbose', 1, true)
  end)
  vim.cmd.only()
end)

tap.test('settings are heard when they change', function()
  local buf = tap.open('lost.service', '[Service]\nExecStart=/bin/true\nSystemCallFilter=@system-service')
  local client = attached(buf)
  local function set(settings)
    client.settings = { svlsp = settings }
    client:notify('workspace/didChangeConfiguration', { settings = client.settings })
  end
  set({ backend = { 'runit' } })
  codes(buf, { 'backend-lost' })
  set(vim.empty_dict())
  codes(buf, {})
end)

tap.test('svlsp.toml is read anew when it is written', function()
  local folder = in_folder(UNIT)
  local buf = vim.api.nvim_get_current_buf()
  codes(buf, { 'invalid-value' })
  vim.cmd.edit(folder .. '/svlsp.toml')
  vim.api.nvim_buf_set_lines(0, 0, -1, false, { 'ignore = ["invalid-value"]' })
  vim.cmd('silent write')
  codes(buf, {})
end)

tap.test('a change in one unit is seen in another', function()
  local after = { '[Unit]', 'After=z.service', '[Service]', 'ExecStart=/bin/true' }
  local folder = in_folder(table.concat(after, '\n'))
  local buf = vim.api.nvim_get_current_buf()
  codes(buf, {})
  vim.cmd.edit(folder .. '/z.service')
  vim.api.nvim_buf_set_lines(0, 0, -1, false, { '[Unit]', 'After=web.service', '[Service]', 'ExecStart=/bin/true' })
  codes(buf, { 'ordering-cycle' })
  vim.cmd.undo()
  codes(buf, {})
end)

tap.test('from a name to its unit, to all who name it, and to another name', function()
  local folder = in_folder('[Service]\nExecStart=/bin/true')
  local target = folder .. '/site.target'
  vim.fn.writefile({ '[Unit]', 'Wants=web.service', 'After=web.service' }, target)
  vim.cmd.edit(target)
  local buf = vim.api.nvim_get_current_buf()
  local client = attached(buf)
  vim.api.nvim_win_set_cursor(0, { 2, 8 })
  vim.lsp.buf.definition()
  tap.wait('the unit', function()
    return vim.fn.expand('%:t') == 'web.service'
  end)
  vim.cmd.buffer(buf)
  local params = at(buf, 1, 8)
  params.context = { includeDeclaration = true }
  tap.same(#request(client, buf, 'textDocument/references', params) >= 2, true)
  vim.lsp.buf.rename('site-web.service')
  tap.wait('the new name', function()
    return tap.text(buf) == '[Unit]\nWants=site-web.service\nAfter=site-web.service'
  end)
  local there = { vim.fn.filereadable(folder .. '/web.service'), vim.fn.filereadable(folder .. '/site-web.service') }
  tap.same(there, { 0, 1 })
end)

tap.test('what another program has changed on the disk is seen', function()
  local folder = vim.fn.tempname()
  vim.fn.mkdir(folder, 'p')
  vim.fn.writefile({}, folder .. '/svlsp.toml')
  vim.fn.writefile({ '[Unit]', 'After=b.service', '[Service]', 'ExecStart=/bin/true' }, folder .. '/a.service')
  vim.fn.writefile({ '[Unit]', 'After=a.service', '[Service]', 'ExecStart=/bin/true' }, folder .. '/b.service')
  -- On Linux Neovim watches no files unless it is told to.
  local watched = { didChangeWatchedFiles = { dynamicRegistration = true } }
  vim.lsp.config('svlsp', { capabilities = { workspace = watched } })
  vim.cmd.edit(folder .. '/a.service')
  attached(0)
  codes(0, { 'ordering-cycle' })
  vim.fn.writefile({ '[Service]', 'ExecStart=/bin/true' }, folder .. '/b.service')
  codes(0, {})
end)

tap.done()
