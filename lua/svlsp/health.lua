--- `:checkhealth svlsp`
local M = {}

function M.check()
  vim.health.start('svlsp: language server')
  M.program()
  M.clients()
  vim.health.start('svlsp: tree-sitter')
  M.parsers()
end

function M.program()
  local found, problem = require('svlsp.program').find()
  if not found then
    vim.health.error(problem or '', {
      'cargo install --path . in the repository, or cargo build --release and nothing else',
      'or say where it is: vim.g.svlsp_cmd = "/path/to/svlsp"',
    })
    return
  end
  local program = found.command[1]
  local started, run = pcall(vim.system, { program, '--version' }, { text = true, timeout = 5000 })
  local result = started and run:wait()
  if result and result.code == 0 then
    vim.health.ok(('%s: `%s`, from %s'):format(vim.trim(result.stdout), program, found.from))
  else
    vim.health.error(('`%s --version` failed'):format(program))
  end
end

function M.clients()
  if vim.g.svlsp_enabled == false then
    vim.health.warn('the server is turned off', { 'vim.g.svlsp_enabled = false does that' })
  end
  for _, client in ipairs(vim.lsp.get_clients({ name = 'svlsp' })) do
    local files = vim.tbl_count(client.attached_buffers)
    vim.health.ok(('running in %s, open files: %d'):format(client.root_dir or 'no folder', files))
  end
end

function M.parsers()
  local parsers = require('svlsp.parsers')
  local compiler = parsers.compiler()
  if compiler then
    vim.health.ok('compiler: ' .. table.concat(compiler, ' '))
  else
    vim.health.warn('no C compiler', { 'install one, or set $CC; without it there is plain syntax highlighting' })
  end
  for _, language in ipairs(parsers.languages) do
    local state = parsers.state(language)
    if state ~= 'built' then
      vim.health.warn(('the parser of %s is %s'):format(language, state), { ':SvlspBuildParsers' })
    else
      local loaded, why = vim.treesitter.language.add(language, { path = parsers.path(language) })
      local fine, query = pcall(vim.treesitter.query.get, language, 'highlights')
      if loaded and fine and query then
        vim.health.ok(('%s: `%s`'):format(language, parsers.path(language)))
      else
        vim.health.error(('%s: %s'):format(language, why or query or 'no highlights'), { ':SvlspBuildParsers' })
      end
    end
  end
end

return M
