;;; Prints what eglot shows of the file $UNIT, with the settings of docs/editors.md loaded.
(require 'eglot)

(defun wait (what condition)
  "Runs the event loop until CONDITION holds."
  (let ((end (+ (float-time) 30)))
    (while (not (funcall condition))
      (when (> (float-time) end)
        (error "waited in vain for %s" what))
      (accept-process-output nil 0.05))))

(setq eglot-sync-connect t
      flymake-no-changes-timeout 0)
(find-file (getenv "UNIT"))
(princ (format "mode: %s\n" major-mode))
;; What happens after each command of a user: `eglot-ensure' waits for that.
(run-hooks 'post-command-hook)
(wait "the server" #'eglot-managed-p)
(flymake-start)
(wait "both diagnostics" (lambda () (= 2 (length (flymake-diagnostics)))))
(dolist (one (flymake-diagnostics))
  (princ (format "line %d: %s\n" (line-number-at-pos (flymake-diagnostic-beg one)) (flymake-diagnostic-text one))))
(goto-char (point-min))
(search-forward "Restart")
(let ((hover (jsonrpc-request (eglot--current-server-or-lose) :textDocument/hover
                              (eglot--TextDocumentPositionParams))))
  (princ (format "hover: %s\n" (eglot--hover-info (plist-get hover :contents) (plist-get hover :range)))))
