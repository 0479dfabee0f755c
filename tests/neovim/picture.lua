--- Shows $UNIT, which has $FINDINGS, as somebody has it who likes squiggles and hints for $BACKEND.
vim.o.termguicolors = true
vim.o.number = true
vim.o.laststatus = 0
vim.o.ruler = false
vim.o.shortmess = vim.o.shortmess .. 'F'
vim.cmd.NoMatchParen()
-- The picture has these colours: whether Neovim colours a blank too is a matter of time.
vim.api.nvim_set_hl(0, 'Normal', {})
vim.diagnostic.config({ virtual_text = true })
for _, severity in ipairs({ 'Error', 'Warn', 'Info', 'Hint' }) do
  local color = vim.api.nvim_get_hl(0, { name = 'Diagnostic' .. severity }).fg
  vim.api.nvim_set_hl(0, 'DiagnosticUnderline' .. severity, { undercurl = true, sp = color })
end
vim.api.nvim_set_hl(0, 'LspInlayHint', { link = 'Comment' })
vim.api.nvim_create_autocmd('LspAttach', {
  callback = function(event)
    vim.lsp.inlay_hint.enable(true, { bufnr = event.buf })
  end,
})
vim.lsp.config('svlsp', { settings = { svlsp = { hints = vim.env.BACKEND } } })

local function all_is_there()
  local tokens = vim.lsp.semantic_tokens.get_at_pos(0, 5, 0)
  return #vim.diagnostic.get(0) == tonumber(vim.env.FINDINGS) and tokens and #tokens > 0 and #vim.lsp.inlay_hint.get({ bufnr = 0 }) > 0
end

require('svlsp.parsers').build(function(problem)
  assert(not problem, problem)
  vim.cmd.edit(vim.env.UNIT)
  assert(vim.wait(50000, all_is_there, 5))
  -- Painted anew as a whole: what is painted over something else leaves the colours of its blanks behind,
  -- and a hint that is there may not have been painted yet.
  vim.fn.timer_start(200, function()
    vim.cmd('redraw!')
    vim.api.nvim_echo({ { 'ready' } }, false, {})
  end, { ['repeat'] = -1 })
end)
