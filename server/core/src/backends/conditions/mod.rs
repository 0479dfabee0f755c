//! `data/conditions`: a shell script that says whether a service may start.
//!
//! Every backend whose scripts can call one has the same.

mod pattern;
mod test;

use super::Fates;
use super::quote;
use crate::fate::Fate;
use crate::plan::{Condition, Leaf, Plan};

use test::{Tested, test};

/// Where it lies in a service directory.
pub const PATH: &str = "data/conditions";

/// Its exit status where a condition isn't met: the service isn't started, which is no failure.
pub const SKIP: u8 = 1;

/// Its exit status where an assertion isn't met: the service has failed.
pub const FAIL: u8 = 2;

/// The script, for `/bin/sh`; `None` if nothing can be tested.
///
/// It exits with 0 if the service may start, else with [`SKIP`] or [`FAIL`],
/// having said on standard error why. Conditions are looked at before
/// assertions (`unit_start` of `src/core/unit.c`).
pub fn script(plan: &Plan, fates: &mut Fates) -> Option<Vec<u8>> {
    let mut script = Script::default();
    for assert in [false, true] {
        let of_kind = || plan.conditions.iter().filter(|leaf| leaf.value.assert == assert);
        for leaf in of_kind().filter(|leaf| !leaf.value.trigger) {
            script.require(plan, fates, &[leaf], assert);
        }
        let triggers: Vec<_> = of_kind().filter(|leaf| leaf.value.trigger).collect();
        script.require(plan, fates, &triggers, assert);
    }
    script.finish(plan)
}

/// The script in the making.
#[derive(Default)]
struct Script {
    functions: Vec<&'static str>,
    lines: Vec<u8>,
}

impl Script {
    /// Adds lines that end it unless one of `conditions` holds.
    fn require(&mut self, plan: &Plan, fates: &mut Fates, conditions: &[&Leaf<Condition>], assert: bool) {
        let mut texts = Vec::new();
        let mut reasons = Vec::new();
        for leaf in conditions {
            let setting = leaf.at.map(|at| plan.setting(at));
            let words = setting.map(|setting| format!("{}={}", setting.entry.name, setting.value()));
            match test(leaf.value.test, &leaf.value.parameter) {
                Ok(tested) => {
                    fates.keep(leaf.at);
                    texts.push(spell(&tested, leaf.value.negate));
                    reasons.extend(words);
                    for function in tested.functions {
                        if !self.functions.contains(&function) {
                            self.functions.push(function);
                        }
                    }
                }
                Err(Some(why)) => fates.set(leaf.at, &Fate::lost(why)),
                Err(None) => fates.keep(leaf.at),
            }
        }
        let Some((first, others)) = texts.split_first() else { return };
        self.lines.extend_from_slice(first);
        for text in others {
            self.lines.extend_from_slice(b" ||\n\t");
            self.lines.extend_from_slice(text);
        }
        self.lines.extend_from_slice(if others.is_empty() { b" || " } else { b" ||\n\t" });
        self.lines.extend_from_slice(format!("unmet {} ", if assert { FAIL } else { SKIP }).as_bytes());
        let mut reason = Vec::new();
        quote::sh::word(reasons.join(", ").as_bytes(), &mut reason);
        self.lines.extend(reason);
        self.lines.push(b'\n');
    }

    fn finish(self, plan: &Plan) -> Option<Vec<u8>> {
        if self.lines.is_empty() {
            return None;
        }
        let mut text = b"#!/bin/sh\n".to_vec();
        let head = format!("{}: whether it may start. Written by svlsp from the unit file.", plan.name().as_str());
        quote::comment(head.as_bytes(), &mut text);
        text.extend_from_slice(b"\nunmet() {\n\techo \"not started, as this isn't met: $2\" >&2\n\texit \"$1\"\n}\n");
        for function in self.functions {
            text.push(b'\n');
            text.extend_from_slice(function.as_bytes());
        }
        text.push(b'\n');
        text.extend(self.lines);
        Some(text)
    }
}

/// The test as one command of a list.
fn spell(tested: &Tested, negate: bool) -> Vec<u8> {
    let Tested { text, functions: _, list, invalid } = tested;
    match (negate && !invalid, list) {
        (false, false) => text.clone(),
        // A shell takes one `!` only.
        (true, false) => text.strip_prefix(b"! ").map_or_else(|| [b"! ", &text[..]].concat(), <[u8]>::to_vec),
        (false, true) => [b"{ ", &text[..], b"; }"].concat(),
        (true, true) => [b"! { ", &text[..], b"; }"].concat(),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::fate::Backend;
    use crate::plan::{Facts, lower};
    use crate::syntax::scan;
    use crate::units::{Unit, UnitName};

    /// What stands behind the functions.
    fn check(conditions: &str, expect: Expect) {
        let name = UnitName::parse("web.service").unwrap();
        let text = format!("[Unit]\n{conditions}");
        let files = [scan(&text)];
        let unit = Unit::new(&name, &files);
        let plan = lower(&unit, &Facts::default());
        let mut fates = Fates::new(&plan, Backend::S6);
        let script = script(&plan, &mut fates).unwrap_or_default();
        let script = String::from_utf8(script).unwrap();
        let (_, tests) = script.rsplit_once("}\n\n").unwrap_or_default();
        expect.assert_eq(tests);
    }

    #[test]
    fn paths() {
        check(
            "ConditionPathExists=/etc/web conf\nConditionPathExists=!/run/nologin\n\
             AssertPathExistsGlob=/etc/{web,www}/*.conf\nConditionFileNotEmpty=!/etc/web.conf\n\
             ConditionDirectoryNotEmpty=/etc/web.d\nAssertPathIsReadWrite=/var\n",
            expect![[r#"
                test -e '/etc/web conf' || unmet 1 ConditionPathExists='/etc/web conf'
                ! test -e /run/nologin || unmet 1 ConditionPathExists='!/run/nologin'
                ! { test -f /etc/web.conf && test -s /etc/web.conf; } || unmet 1 ConditionFileNotEmpty='!/etc/web.conf'
                { test -d /etc/web.d && test -n "$(ls -A /etc/web.d)"; } || unmet 1 ConditionDirectoryNotEmpty=/etc/web.d
                exists /etc/web/*.conf /etc/www/*.conf || unmet 2 AssertPathExistsGlob='/etc/{web,www}/*.conf'
                { test -e /var && ! findmnt -n -o OPTIONS -T /var | tr , '\n' | grep -qx ro; } || unmet 2 AssertPathIsReadWrite=/var
            "#]],
        );
    }

    #[test]
    fn one_of_several() {
        check(
            "ConditionHost=|Web-*\nConditionVirtualization=!container\nConditionKernelCommandLine=|!quiet\n",
            expect![[r#"
                ! case $(virtualization) in 'container '*) true ;; *) false ;; esac || unmet 1 ConditionVirtualization='!container'
                case $(uname -n | tr '[:upper:]' '[:lower:]') in web-*) true ;; *) false ;; esac ||
                	! tr -s ' ' '\n' </proc/cmdline | sed 's/=.*//' | grep -Fqxe quiet ||
                	unmet 1 ConditionHost='|Web-*, ConditionKernelCommandLine=|!quiet'
            "#]],
        );
    }

    #[test]
    fn comparisons() {
        check(
            "ConditionKernelVersion=>=5.10 <7\nConditionMemory=>=1.5G\nConditionCPUs=4\n\
             ConditionOSRelease=ID=debian VERSION_ID>=12\nConditionCapability=CAP_SYS_ADMIN\n\
             AssertControlGroupController=cpu memory\nConditionACPower=false\nConditionArchitecture=!arm\n",
            expect![[r#"
                { version "$(uname -r)" ge 5.10 && version "$(uname -r)" lt 7; } || unmet 1 ConditionKernelVersion='>=5.10 <7'
                test "$(($(sed -n 's/^MemTotal: *\([0-9]*\).*/\1/p' /proc/meminfo) * 1024))" -ge 1610612736 || unmet 1 ConditionMemory='>=1.5G'
                test "$(nproc)" -ge 4 || unmet 1 ConditionCPUs=4
                { test "$(os_release ID)" = debian && version "$(os_release VERSION_ID)" ge 12; } || unmet 1 ConditionOSRelease='ID=debian VERSION_ID>=12'
                test $((0x$(sed -n 's/^CapBnd:[[:blank:]]*//p' /proc/self/status) >> 21 & 1)) = 1 || unmet 1 ConditionCapability=CAP_SYS_ADMIN
                ! ac_power || unmet 1 ConditionACPower=false
                ! case $(uname -m) in arm*l | arm) true ;; *) false ;; esac || unmet 1 ConditionArchitecture='!arm'
                { controller cpu && controller memory; } || unmet 2 AssertControlGroupController='cpu memory'
            "#]],
        );
    }

    #[test]
    fn twice_negated() {
        check(
            "ConditionVirtualization=!private-users\nConditionACPower=!false\n",
            expect![[r#"
            grep -q '^ *0 *0 *4294967295$' /proc/self/uid_map || unmet 1 ConditionVirtualization='!private-users'
            ac_power || unmet 1 ConditionACPower='!false'
        "#]],
        );
    }

    #[test]
    fn what_never_holds_and_what_is_unknown() {
        check(
            "ConditionArchitecture=!amd64\nConditionSecurity=cvm\nAssertFirstBoot=maybe\n",
            expect![[r#"
            false || unmet 1 ConditionArchitecture='!amd64'
            false || unmet 2 AssertFirstBoot=maybe
        "#]],
        );
    }
}
