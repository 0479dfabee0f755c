/// What the rules that look across units need to know of each of them.
#[derive(Debug, Default)]
pub struct Workspace {}
