--- The tree-sitter parsers: compiled once on the user's machine from the
--- grammars in this repository, kept in Neovim's data directory.
local M = {}

M.languages = { 'systemd', 'supervisord' }

--- The repository.
M.root = vim.fs.dirname(vim.fs.dirname(vim.fs.dirname(vim.fs.abspath(debug.getinfo(1, 'S').source:sub(2)))))

---@param language string
---@return string path of the shared object, there or not
function M.path(language)
  return vim.fs.joinpath(vim.fn.stdpath('data'), 'svlsp', language .. '.so')
end

--- `stale` is one that is older than its source.
---@param language string
---@return 'built'|'stale'|'missing'
function M.state(language)
  local built, source = vim.uv.fs_stat(M.path(language)), vim.uv.fs_stat(M.source(language))
  if not built then
    return 'missing'
  end
  return source and source.mtime.sec > built.mtime.sec and 'stale' or 'built'
end

---@param language string
---@return string path of the generated C source
function M.source(language)
  return vim.fs.joinpath(M.root, 'grammar', language, 'src', 'parser.c')
end

--- The C compiler: `$CC`, or the first one there is.
---@return string[]? words of its command
function M.compiler()
  local chosen = vim.split(vim.env.CC or '', ' ', { trimempty = true })
  if chosen[1] then
    return chosen
  end
  for _, name in ipairs({ 'cc', 'gcc', 'clang' }) do
    if vim.fn.executable(name) == 1 then
      return { name }
    end
  end
end

--- Compiles all of them beside the editing, and highlights the open files when that is done.
---@param done fun(problem: string?)
function M.build(done)
  local compiler = M.compiler()
  if not compiler then
    return done('there is no C compiler: neither $CC nor cc, gcc or clang')
  end
  vim.fn.mkdir(vim.fs.dirname(M.path('')), 'p')
  local left, problems = #M.languages, {}
  for _, language in ipairs(M.languages) do
    M.compile(compiler, language, function(problem)
      left = left - 1
      table.insert(problems, problem)
      if left == 0 then
        M.attach_all()
        done(problems[1] and table.concat(problems, '\n'))
      end
    end)
  end
end

--- Compiles one of them. It takes the place of the old one at one stroke: another Neovim may be using that.
---@param compiler string[]
---@param language string
---@param done fun(problem: string?)
function M.compile(compiler, language, done)
  local path, source = M.path(language), M.source(language)
  local draft = ('%s.%d'):format(path, vim.uv.os_getpid())
  local command = vim.list_extend(vim.list_slice(compiler), {
    '-shared', '-fPIC', '-O2', '-std=c11', '-I', vim.fs.dirname(source), '-o', draft, source,
  })
  local function finish(result)
    local problem = result.code ~= 0 and result.stderr or nil
    if not problem then
      _, problem = vim.uv.fs_rename(draft, path)
    end
    done(problem and ('%s: %s'):format(language, problem))
  end
  local started, why = pcall(vim.system, command, { text = true }, vim.schedule_wrap(finish))
  if not started then
    done(('%s: %s'):format(language, why))
  end
end

--- Highlights a buffer with the parser of its language, if that is built.
---@param buf integer
---@return boolean
function M.attach(buf)
  local language = vim.bo[buf].filetype
  if M.state(language) ~= 'built' or not vim.treesitter.language.add(language, { path = M.path(language) }) then
    return false
  end
  return (pcall(vim.treesitter.start, buf, language))
end

--- Highlights every open file of ours.
function M.attach_all()
  for _, buf in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_is_loaded(buf) and vim.list_contains(M.languages, vim.bo[buf].filetype) then
      M.attach(buf)
    end
  end
end

return M
