(section) @fold
(value) @fold
(exec_value) @fold
(environment_value) @fold
