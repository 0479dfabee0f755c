--- Prints the file type of each path in $SVLSP_PATHS, then tests those that the text decides.
local tap = dofile(vim.env.SVLSP_TESTS .. '/tap.lua')
vim.g.svlsp_enabled = false

for path in vim.gsplit(vim.env.SVLSP_PATHS or '', '\n', { trimempty = true }) do
  io.stdout:write(('filetype %s %s\n'):format(path, vim.filetype.match({ filename = path }) or ''))
end

local function opened(name, text)
  return vim.bo[tap.open(name, text)].filetype
end

tap.test('a unit, empty or not', function()
  tap.same(opened('new.service', ''), 'systemd')
  tap.same(opened('a.target', '# Mine\n\n[Unit]'), 'systemd')
  tap.same(opened('a.service.d/.#override.conf0123456789abcdef', '### Editing'), 'systemd')
end)

tap.test('what somebody else calls a service or a target', function()
  tap.same(opened('org.example.Name.service', '[D-BUS Service]\nName=org.example.Name'), '')
  tap.same(vim.list_contains({ '', 'xml' }, opened('my.target', '<?xml version="1.0"?>\n<target/>')), true)
end)

tap.test("files of Quadlet's and networkd's, by folder or by section", function()
  tap.same(opened('a.container', '# Mine\n[Container]\nImage=a'), 'systemd')
  tap.same(opened('a.network', '[Match]'), 'systemd')
  tap.same(opened('a.image', '\137PNG'), '')
  tap.same(opened('a.build', '[tools]'), '')
  tap.same(opened('Some.pod', '=head1 NAME'), 'pod')
  tap.same(opened('containers/systemd/a.pod', ''), 'systemd')
end)

tap.test('comments are made as the programs read them', function()
  tap.open('supervisord.conf', '[supervisord]')
  tap.same(vim.bo.commentstring, '; %s')
  tap.same(vim.bo.syntax, 'supervisord')
end)

tap.done()
