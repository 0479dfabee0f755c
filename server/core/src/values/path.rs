//! Paths: what `src/basic/path-util.c` and `path_simplify_and_warn` of
//! `src/shared/parse-helpers.c` make of them.

/// The longest path, in bytes, NUL not counted (`PATH_MAX - 1`).
pub const MAX_PATH: usize = 4095;

/// The longest file name, in bytes (`NAME_MAX`).
pub const MAX_NAME: usize = 255;

/// Whether it begins with a slash.
pub fn is_absolute(path: &str) -> bool {
    path.starts_with('/')
}

/// Whether it is short enough and not empty (`path_is_valid`).
pub fn is_valid(path: &str) -> bool {
    !path.is_empty() && path.len() <= MAX_PATH && path.split('/').all(|part| part.len() <= MAX_NAME)
}

/// Whether it may be the name of a file (`filename_is_valid`).
pub fn is_file_name(name: &str) -> bool {
    !matches!(name, "" | "." | "..") && name.len() <= MAX_NAME && !name.contains('/')
}
