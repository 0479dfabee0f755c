use expect_test::{Expect, expect};

use super::super::testing::Open;
use super::*;
use crate::schema;

/// What hovering over each `$0` shows, but for what the knowledge base says.
fn check(main: Option<&str>, text: &str, expect: Expect) {
    let clean = text.replace("$0", "");
    let open = Open { fragment: main, ..Open::new("supervisord.d/a.ini", &clean) };
    let mut out = String::new();
    open.with(|document| {
        for (count, (at, _)) in text.match_indices("$0").enumerate() {
            match hover(document, (at - 2 * count) as u32, None) {
                None => out.push_str("nothing\n"),
                Some(Hover { span, markdown }) => {
                    out.push_str(&format!("<<{}>>\n", &clean[span.range()]));
                    let told = markdown.lines().filter(|line| !line.is_empty() && !is_known(line));
                    told.for_each(|line| out.push_str(&format!("{line}\n")));
                }
            }
        }
    });
    expect.assert_eq(&out);
}

/// Whether a line comes from the knowledge base.
fn is_known(line: &str) -> bool {
    let fact = line.starts_with("- ") && !line.starts_with("- `") && !line.starts_with("- since");
    let sections = schema::supervisord::SECTIONS.iter().flat_map(|section| [section.doc, section.example]);
    let settings = schema::supervisord::DIRECTIVES.iter().flat_map(|entry| [entry.doc, entry.example]);
    fact || line.starts_with("```") || sections.chain(settings).any(|text| text.lines().any(|known| known == line))
}

#[test]
fn sections_say_what_comes_of_them() {
    check(
        Some("[program:web]\ncommand=a\n"),
        "[pro$0gram:web]\nnumprocs=8\nprocess_name=%(program_name)s_%(process_num)02d\n[group$0:g]\nprograms=web\n[x$0]\n",
        expect![[r#"
            <<[program:web]>>
            **`[program:web]`**
            8 processes: `g:web_00`, `g:web_01`, … `g:web_07`
            Put together with the sections of this name in `supervisord.conf:1`.
            [[program:x] in supervisor's manual](http://supervisord.org/configuration.html#program-x-section-settings)
            <<[group:g]>>
            **`[group:g]`**
            A group of 8 processes.
            [[group:x] in supervisor's manual](http://supervisord.org/configuration.html#group-x-section-settings)
            <<[x]>>
            **`[x]`**
            supervisord passes over sections that it doesn't know.
        "#]],
    );
}

#[test]
fn settings_have_fates() {
    check(
        None,
        "[program:web]\ncommand=/bin/a\nstart$0secs=5\nst$0artsecs=6\nstdout_syslog$0=true\n[rpcinterface:a]\nb$0=c\n[program:b]\nx$0=y\n",
        expect![[r#"
            <<startsecs>>
            **startsecs=** in [program:web]
            **Not in effect:** replaced in `supervisord.d/a.ini:4`.
            **In effect:** `6`
            **Elsewhere:**
            [[program:x] in supervisor's manual](http://supervisord.org/configuration.html#program-x-section-values)
            <<startsecs>>
            **startsecs=** in [program:web]
            **Elsewhere:**
            [[program:x] in supervisor's manual](http://supervisord.org/configuration.html#program-x-section-values)
            <<stdout_syslog>>
            **stdout_syslog=** in [program:web]
            - since supervisor 4.0.0
            **Elsewhere:**
            [[program:x] in supervisor's manual](http://supervisord.org/configuration.html#program-x-section-values)
            <<b>>
            supervisord hands `b` on to the plugin.
            nothing
        "#]],
    );
}

#[test]
fn expansions_stand_for_something() {
    check(
        None,
        "[program:web]\ncommand=/bin/a %(process_num)0$02d %(ENV_A)s$0 %$0% %(x)s$0\nnumprocs=3\nproce$0ss_name=%(program_name)s_%(process_num)d\n[supervisord]\nlogfile=%(host_node_na$0me)s\n",
        expect![[r#"
            <<%(process_num)02d>>
            `%(process_num)02d`: the number of the process, from `numprocs_start=` on
            **Here:** `00`, `01`, `02`
            <<%(ENV_A)s>>
            `%(ENV_A)s`: a variable of the environment that supervisord was started with, or of an `environment=` read before
            <<%%>>
            `%%`: a percent sign
            <</bin/a %(process_num)02d %(ENV_A)s %% %(x)s>>
            **command=** in [program:web]
            **Elsewhere:**
            [[program:x] in supervisor's manual](http://supervisord.org/configuration.html#program-x-section-values)
            <<process_name>>
            **process_name=** in [program:web]
            **Here:**
            - `web_0`: `web_0`
            - `web_1`: `web_1`
            - `web_2`: `web_2`
            **Elsewhere:**
            [[program:x] in supervisor's manual](http://supervisord.org/configuration.html#program-x-section-values)
            <<%(host_node_name)s>>
            `%(host_node_name)s`: the name of the host
            **Here:** `host`
        "#]],
    );
}

#[test]
fn names_of_programs_lead_to_them() {
    check(
        Some("[program:web]\ncommand=/bin/a -b\nnumprocs=2\nprocess_name=%(process_num)d\n"),
        "[group:g]\nprograms=we$0b, no$0ne\n",
        expect![[r#"
            <<web>>
            **`[program:web]`** in `supervisord.conf:1`
            runs `/bin/a -b`
            2 processes: `g:0`, `g:1`
            <<none>>
            No program is called `none` here.
        "#]],
    );
}
