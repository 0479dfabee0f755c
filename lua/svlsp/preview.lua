--- What a unit becomes, in a window beside it that follows each keystroke.
local client = require('svlsp.client')

local M = {}

---@class svlsp.Preview
---@field uri string the unit's
---@field source integer its buffer
---@field backend string
---@field section string? of supervisord.conf, `program:web`
---@field asking boolean? an answer is on its way
---@field again boolean? the unit has changed since that was asked

--- By the buffer that shows it.
---@type table<integer, svlsp.Preview>
local previews = {}

local marks = vim.api.nvim_create_namespace('svlsp.preview')

--- Opens the preview of a unit, or asks anew for the one that is open.
---@param source integer the unit's buffer
---@param backend string
---@param section string? of supervisord.conf, `program:web`; else all of it
function M.open(source, backend, section)
  local uri = vim.uri_from_bufnr(source)
  for buf, preview in pairs(previews) do
    if preview.uri == uri and preview.backend == backend and preview.section == section then
      preview.asking = false
      return M.ask(buf)
    end
  end
  local buf = vim.api.nvim_create_buf(false, true)
  previews[buf] = { uri = uri, source = source, backend = backend, section = section }
  local name = ('svlsp-preview://%s%s'):format(backend, vim.uri_to_fname(uri))
  vim.api.nvim_buf_set_name(buf, section and ('%s[%s]'):format(name, section) or name)
  vim.bo[buf].bufhidden = 'wipe'
  vim.bo[buf].modifiable = false
  vim.bo[buf].filetype = 'svlsp-preview'
  vim.bo[buf].syntax = 'sh'
  vim.api.nvim_create_autocmd('BufWipeout', {
    buffer = buf,
    callback = function()
      previews[buf] = nil
    end,
  })
  vim.api.nvim_open_win(buf, false, { split = 'right' })
  M.ask(buf)
end

--- Asks anew for what is shown of a unit.
---@param uri string
function M.refresh(uri)
  for buf, preview in pairs(previews) do
    if preview.uri == uri then
      M.ask(buf)
    end
  end
end

--- Asks for the content of one preview. What changes until the answer is there is asked for after it, once.
---@param buf integer
function M.ask(buf)
  local preview = previews[buf]
  local server = vim.api.nvim_buf_is_valid(preview.source) and client.of(preview.source)
  if not server then
    return
  end
  if preview.asking then
    preview.again = true
    return
  end
  preview.asking = true
  local params = { textDocument = { uri = preview.uri }, backend = preview.backend, section = preview.section }
  local sent = server:request('svlsp/preview', params, function(problem, answer)
    preview.asking = false
    if previews[buf] ~= preview then
      return
    end
    M.show(buf, problem and { notes = { problem.message } } or answer)
    if preview.again then
      preview.again = false
      M.ask(buf)
    end
  end, preview.source)
  preview.asking = sent
end

--- Fills the buffer: how much is kept, the notes, then each file under its path.
---@param buf integer
---@param answer table what `svlsp/preview` gives
function M.show(buf, answer)
  local lines, titles = {}, {}
  local function title(text)
    table.insert(titles, #lines)
    table.insert(lines, text)
  end
  if answer.fates then
    local counts = {}
    for _, level in ipairs({ 'native', 'emulated', 'approximated', 'lost', 'irrelevant' }) do
      table.insert(counts, ('%d %s'):format(answer.fates[level] or 0, level))
    end
    title('# ' .. table.concat(counts, ', '))
  end
  for _, note in ipairs(answer.notes or {}) do
    table.insert(lines, '# ' .. note)
  end
  for _, file in ipairs(answer.files or {}) do
    table.insert(lines, '')
    if file.link then
      title(('# %s -> %s'):format(file.path, file.link))
    else
      title(('# %s%s'):format(file.path, file.executable and ' (executable)' or ''))
      vim.list_extend(lines, vim.split(file.content, '\n', { trimempty = true }))
    end
  end
  vim.bo[buf].modifiable = true
  vim.api.nvim_buf_set_lines(buf, 0, -1, false, lines)
  vim.bo[buf].modifiable = false
  vim.bo[buf].modified = false
  vim.api.nvim_buf_clear_namespace(buf, marks, 0, -1)
  for _, line in ipairs(titles) do
    vim.api.nvim_buf_set_extmark(buf, marks, line, 0, { line_hl_group = 'Title' })
  end
end

return M
