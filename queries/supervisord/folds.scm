(section) @fold
(value) @fold
