--- Which files are svlsp's, by path and first line. The rules are those of
--- server/core/src/units/role.rs and foreign.rs; a test compares the two.
local M = {}

--- The suffixes of units.
M.units = {
  'service', 'socket', 'target', 'device', 'mount', 'automount', 'swap', 'timer', 'path', 'slice', 'scope',
}

--- The suffixes of files of the same syntax that others read: systemd-networkd,
--- -nspawn, -resolved, and Podman's Quadlet.
M.others = {
  'artifact', 'build', 'container', 'dns-delegate', 'dnssd', 'image', 'kube', 'link', 'netdev', 'network',
  'nspawn', 'pod', 'volume',
}

--- What Neovim takes a file for by a suffix of `others` that isn't ours after all.
local STOCK = { pod = 'pod' }

--- Sections by which a file of `others` is known where its folder doesn't tell.
local SECTIONS = {
  'Artifact', 'Build', 'Container', 'Delegate', 'Exec', 'Files', 'Image', 'Install', 'Kube', 'Link', 'Match',
  'NetDev', 'Network', 'Pod', 'Quadlet', 'Service', 'Unit', 'Volume',
}

---@param path string absolute
---@param buf integer? where the text is, if it has been read
---@return 'systemd'|'pod'|nil
function M.detect(path, buf)
  local role, suffix = M.role(M.split(path))
  local line = M.first_line(buf)
  if role == 'unit' then
    local foreign = line and (vim.startswith(line, '<') or line:lower() == '[d-bus service]')
    return not foreign and 'systemd' or nil
  elseif role == 'other' then
    if line and not vim.startswith(line, '[') then
      return STOCK[suffix]
    end
    local known = path:find('/systemd/', 1, true) or (line and vim.list_contains(SECTIONS, line:match('^%[(.*)%]$')))
    return known and 'systemd' or STOCK[suffix]
  end
end

--- The last part of a path, without what `systemctl edit` puts around it
--- (`.#override.conf0123456789abcdef`), and the one before.
---@param path string
---@return string name
---@return string folder
function M.split(path)
  local folder, name = path:match('([^/]*)/([^/]*)$')
  name = name or path
  local edited, digits = name:match('^%.#(.*)(................)$')
  return edited and digits:match('^%x+$') and edited or name, folder or ''
end

--- What a file is by its name and folder: a unit or drop-in of one, the like of `others`, or nothing.
---@param name string
---@param folder string
---@return 'unit'|'other'|nil
---@return string? suffix the kind
function M.role(name, folder)
  local suffix = name:match('%.([^.]*)$')
  local owner = folder:match('^(.*)%.d$')
  if owner then
    local kind = owner:match('[^.]*$')
    local valid = owner == kind or owner:match('^[%w:_.\\%-][%w:_.\\@%-]*$')
    if valid and vim.list_contains(M.units, kind) then
      return suffix == 'conf' and 'unit' or nil, kind
    elseif suffix == 'conf' then
      return vim.list_contains(M.others, kind) and 'other' or nil, kind
    end
  end
  if vim.list_contains(M.units, suffix) then
    return 'unit', suffix
  end
  return vim.list_contains(M.others, suffix) and 'other' or nil, suffix
end

--- The first line that is neither blank nor a comment, trimmed.
---@param buf integer?
---@return string?
function M.first_line(buf)
  if not buf or not vim.api.nvim_buf_is_valid(buf) then
    return nil
  end
  for _, line in ipairs(vim.api.nvim_buf_get_lines(buf, 0, 200, false)) do
    line = vim.trim(line)
    if line ~= '' and not line:find('^[#;]') then
      return line
    end
  end
end

--- Makes Neovim detect them.
function M.register()
  local extension = {}
  for _, suffixes in ipairs({ M.units, M.others }) do
    for _, suffix in ipairs(suffixes) do
      extension[suffix] = M.detect
    end
  end
  vim.filetype.add({
    extension = extension,
    filename = { ['supervisord.conf'] = 'supervisord' },
    pattern = {
      ['.*%.d/.*%.conf'] = M.detect,
      ['.*/%.#.*%x'] = M.detect,
      ['.*/supervisor/conf%.d/.*%.conf'] = 'supervisord',
      ['.*/supervisord?%.d/.*%.conf'] = 'supervisord',
      ['.*/supervisord?%.d/.*%.ini'] = 'supervisord',
    },
  })
end

return M
