--- svlsp in Neovim 0.11: file types, the language server, highlighting, commands. See :help svlsp.
if vim.g.loaded_svlsp then
  return
end
vim.g.loaded_svlsp = true

if vim.fn.has('nvim-0.11') == 0 then
  vim.notify('svlsp: Neovim 0.11 or later is needed', vim.log.levels.ERROR)
  return
end

require('svlsp.filetype').register()
require('svlsp.commands').register()

vim.api.nvim_create_autocmd('FileType', {
  group = vim.api.nvim_create_augroup('svlsp', {}),
  pattern = { 'systemd', 'supervisord' },
  callback = function(event)
    require('svlsp.parsers').attach(event.buf)
    require('svlsp.start').once(event.buf)
  end,
})
