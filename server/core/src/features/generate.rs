use std::collections::HashSet;

use super::{Counts, Document};
use crate::backends::{Directory, Rendering, Target, Together, render};
use crate::plan::{self, Fault, Plan};
use crate::units::{Unit, UnitName};

/// What is generated of a document.
#[derive(Clone, Debug, Default)]
pub struct Generated {
    /// What each unit becomes; of a configuration of supervisord there are several.
    pub units: Vec<(UnitName, Vec<Directory>)>,
    /// Assignments in error; nothing is written of units with such.
    pub faults: Vec<Fault>,
    /// What else there is to say: lower case, no full stop.
    pub notes: Vec<String>,
    /// What became of the assignments, each counted once.
    pub counts: Counts,
}

/// How much of a configuration of supervisord is generated.
#[derive(Clone, Copy, Debug, Default)]
pub struct Extent<'a> {
    /// Only what comes of this section, `program:web`.
    pub only: Option<&'a str>,
    /// Only one process of each program: enough to tell what becomes of it.
    pub sample: bool,
}

/// What the unit around the open file becomes by itself, as `svlsp convert` makes it of this unit
/// alone; of a configuration of supervisord, what is in `extent`.
///
/// # Errors
///
/// Why nothing can be made of it: lower case, no full stop. What systemd wouldn't take of it
/// isn't looked at, but for [`Generated::faults`].
pub fn generate(document: &Document, target: &Target, extent: Extent) -> Result<Generated, &'static str> {
    is_generated(document, extent.only)?;
    if let Some(configured) = document.configured {
        let parts = match extent.sample {
            true => configured.different_parts(extent.only),
            false => configured.parts(extent.only),
        };
        let units: Vec<Unit> = parts.into_iter().map(|part| configured.unit(part)).collect();
        return Ok(of_units(&units, target));
    }
    let whole = document.whole.ok_or("it isn't part of a single unit")?;
    Ok(of_units(std::slice::from_ref(whole.unit), target))
}

/// Whether anything is generated of a document; of a configuration of supervisord, of this section.
///
/// # Errors
///
/// As [`generate`] has them.
pub fn is_generated(document: &Document, only: Option<&str>) -> Result<(), &'static str> {
    if let Some(configured) = document.configured {
        return match configured.parts(only).is_empty() {
            true => Err("no program comes of it"),
            false => Ok(()),
        };
    }
    let whole = document.whole.ok_or("it isn't part of a single unit")?;
    if !whole.unit.has_fragment {
        return Err("the unit file that it adds to isn't known here");
    }
    if whole.unit.name.is_template() {
        return Err("a template doesn't run itself; `svlsp convert` makes directories of its instances");
    }
    Ok(())
}

fn of_units(units: &[Unit], target: &Target) -> Generated {
    let plans: Vec<Plan> = units.iter().map(|unit| plan::lower(unit, &target.facts)).collect();
    let together = Together::of(&plans);
    let mut generated = Generated::default();
    let (mut told, mut levels) = (HashSet::new(), Vec::new());
    for plan in &plans {
        let Rendering { directories, fates, faults, notes } = render(plan, &together, target);
        let settings = plan.unit.settings().iter().zip(&fates);
        let once = settings.filter(|(setting, _)| told.insert((setting.file, setting.directive.span)));
        levels.extend(once.map(|(_, fate)| fate.level()));
        generated.units.push((plan.name().clone(), directories));
        generated.faults.extend(faults);
        let news: Vec<String> = notes.into_iter().filter(|note| !generated.notes.contains(note)).collect();
        generated.notes.extend(news);
    }
    generated.counts = Counts::of(levels.into_iter());
    generated
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::super::testing::Open;
    use super::*;
    use crate::fate::Backend;

    fn check(path: &str, text: &str, expect: Expect) {
        let told = Open::new(path, text).with(|document| {
            match generate(document, &Target::new(Backend::Runit), Extent::default()) {
                Err(reason) => reason.to_owned(),
                Ok(Generated { units, faults, .. }) => {
                    let mut out = Vec::new();
                    for directory in units.into_iter().flat_map(|(_, directories)| directories) {
                        out.extend(directory.files.iter().map(|file| format!("{}/{}", directory.name, file.path)));
                    }
                    out.extend(faults.into_iter().map(|fault| fault.message));
                    out.join("\n")
                }
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
        check("supervisord.conf", "[supervisorctl]\n", expect!["no program comes of it"]);
    }

    #[test]
    fn of_a_configuration_as_much_as_is_wanted() {
        let text = "[program:a]\ncommand=/bin/a\nnumprocs=3\nprocess_name=a%(process_num)d\n\
            [program:b]\ncommand=/bin/b\n[group:g]\nprograms=b\n";
        let names = |only, sample| {
            Open::new("supervisord.conf", text).with(|document| {
                let extent = Extent { only, sample };
                let generated = generate(document, &Target::new(Backend::Runit), extent).expect("programs");
                generated.units.iter().map(|(name, _)| name.as_str().to_owned()).collect::<Vec<_>>().join(" ")
            })
        };
        assert_eq!(names(None, false), "a0.service a1.service a2.service b.service g.target");
        assert_eq!(names(None, true), "a0.service b.service g.target");
        assert_eq!(names(Some("program:a"), false), "a0.service a1.service a2.service");
        assert_eq!(names(Some("group:g"), false), "b.service g.target");
    }
}
