--- Tests in Neovim, in the lines of TAP. A script ends in `tap.done()`.
local tap = {}

local count, failures = 0, 0

--- Runs one test.
function tap.test(name, run)
  local fine, problem = xpcall(run, debug.traceback)
  count = count + 1
  failures = failures + (fine and 0 or 1)
  io.stdout:write(('%s %d - %s\n'):format(fine and 'ok' or 'not ok', count, name))
  if not fine then
    io.stdout:write('  ' .. tostring(problem):gsub('\n', '\n  ') .. '\n')
  end
end

function tap.same(got, wanted, what)
  if not vim.deep_equal(got, wanted) then
    error(('%s: got %s, wanted %s'):format(what or 'value', vim.inspect(got), vim.inspect(wanted)), 2)
  end
end

--- Waits for an event or state, and gives what `condition` gave.
function tap.wait(what, condition)
  local value
  local came = vim.wait(20000, function()
    value = condition()
    return value
  end, 5)
  if not came then
    error('waited in vain for ' .. what, 2)
  end
  return value
end

--- The text of a buffer.
function tap.text(buf)
  return table.concat(vim.api.nvim_buf_get_lines(buf, 0, -1, false), '\n')
end

--- A second Neovim in which one can type. `lua` runs a chunk in it, with what follows as `...`.
function tap.neovim()
  local words = { vim.v.progpath, '--clean', '--embed', '--headless' }
  for _, command in ipairs({ 'let &runtimepath = $SVLSP_ROOT . "," . &runtimepath', 'let g:svlsp_cmd = $SVLSP' }) do
    vim.list_extend(words, { '--cmd', command })
  end
  local channel = vim.fn.jobstart(words, { rpc = true })
  return {
    lua = function(chunk, ...)
      return vim.rpcrequest(channel, 'nvim_exec_lua', chunk, { ... })
    end,
    type = function(keys)
      vim.rpcrequest(channel, 'nvim_input', keys)
    end,
  }
end

--- Makes a file in a fresh folder, and gives its path.
function tap.file(name, text)
  local path = vim.fs.joinpath(vim.fn.tempname(), name)
  vim.fn.mkdir(vim.fs.dirname(path), 'p')
  vim.fn.writefile(vim.split(text, '\n'), path)
  return path
end

--- Makes a file, opens it, and gives its buffer.
function tap.open(name, text)
  local path = tap.file(name, text)
  vim.cmd.edit(vim.fn.fnameescape(path))
  return vim.api.nvim_get_current_buf()
end

function tap.done()
  io.stdout:write(('1..%d\n'):format(count))
  vim.cmd(failures > 0 and 'cquit 1' or 'qall!')
end

return tap
