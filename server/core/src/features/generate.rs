use super::Document;
use crate::backends::{Rendering, Target, Together, render};
use crate::plan;

/// What the unit around the open file becomes by itself, as `svlsp convert` makes it of this unit alone.
///
/// # Errors
///
/// Why nothing can be made of it: lower case, no full stop. What systemd wouldn't take of it
/// isn't looked at, but for [`Rendering::faults`].
pub fn generate(document: &Document, target: &Target) -> Result<Rendering, &'static str> {
    let whole = document.whole.ok_or("it isn't part of a single unit")?;
    if !whole.unit.has_fragment {
        return Err("the unit file that it adds to isn't known here");
    }
    if whole.unit.name.is_template() {
        return Err("a template doesn't run itself; `svlsp convert` makes directories of its instances");
    }
    let plan = plan::lower(whole.unit, &target.facts);
    let together = Together::of(std::slice::from_ref(&plan));
    Ok(render(&plan, &together, target))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::super::testing::Open;
    use super::*;
    use crate::fate::Backend;

    fn check(path: &str, text: &str, expect: Expect) {
        let told = Open::new(path, text).with(|document| match generate(document, &Target::new(Backend::Runit)) {
            Err(reason) => reason.to_owned(),
            Ok(Rendering { directories, faults, .. }) => {
                let mut out = Vec::new();
                for directory in directories {
                    out.extend(directory.files.iter().map(|file| format!("{}/{}", directory.name, file.path)));
                }
                out.extend(faults.into_iter().map(|fault| fault.message));
                out.join("\n")
            }
        });
        expect.assert_eq(&told);
    }

    const TEXT: &str = "[Service]\nExecStart=/bin/a\nUser=www-data\n";

    #[test]
    fn a_unit_becomes_a_directory() {
        check(
            "web.service",
            TEXT,
            expect![[r#"
            web/control/t
            web/data/cgroup
            web/data/deadline
            web/data/environment
            web/finish
            web/log/run
            web/run"#]],
        );
        check(
            "web.service",
            "[Service]\nExecStart=/bin/a\nNice=%H\n",
            expect![[r#"
            web/control/t
            web/data/cgroup
            web/data/deadline
            web/finish
            web/log/run
            web/run
            Nice= takes an integer from -20 to 19, not "%H""#]],
        );
    }

    #[test]
    fn what_is_no_unit_becomes_none() {
        check(
            "web@.service",
            TEXT,
            expect!["a template doesn't run itself; `svlsp convert` makes directories of its instances"],
        );
        check("web.service.d/a.conf", TEXT, expect!["the unit file that it adds to isn't known here"]);
        check("service.d/a.conf", TEXT, expect!["it isn't part of a single unit"]);
    }
}
