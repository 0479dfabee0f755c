//! tree-sitter grammars for systemd units and supervisord.conf.
