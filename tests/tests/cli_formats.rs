//! The formats of `svlsp check`.

mod cli_harness;

use cli_harness::Folder;
use expect_test::{Expect, expect};

/// Mistakes whose rules won't change: two places, a help, fixes, characters
/// of several bytes.
fn check(arguments: &str, expect: Expect) {
    let folder = Folder::new(&[
        ("a b.d/ü%,.service", "[Service]\nExecStart=/bin/true\nRestrat=no\n"),
        ("x.service", "[Unit]\nÜ=1\nAfter=y.service\n[Service]\nExecStart=/bin/true\n"),
        ("y.service", "[Unit]\nAfter=x.service\n[Service]\nExecStart=/bin/true\n"),
    ]);
    let rules = "unknown-directive,ordering-cycle";
    folder.run(&format!("check --select {rules} {arguments}"), expect);
}

#[test]
fn human() {
    check(
        "",
        expect![[r#"
            error[unknown-directive]: unknown directive Restrat= in section [Service]
             --> a b.d/ü%,.service:3:1
              |
            3 | Restrat=no
              | ^^^^^^^
              |
              = help: did you mean Restart=?

            error[unknown-directive]: unknown directive Ü= in section [Unit]
             --> x.service:2:1
              |
            2 | Ü=1
              | ^

            warning[ordering-cycle]: ordering cycle: x.service after y.service after x.service
             --> x.service:3:7
              |
            3 | After=y.service
              |       ^^^^^^^^^
              |
             ::: y.service:2:7
              |
            2 | After=x.service
              |       --------- y.service comes after x.service here

            2> 2 errors, 1 warning in 3 files, 1 fixable with --fix
            status 1
        "#]],
    );
    check(
        "--format human --color always",
        expect![[r#"
            [1m[91merror[unknown-directive][0m[1m: unknown directive Restrat= in section [Service][0m
             [1m[94m--> [0ma b.d/ü%,.service:3:1
              [1m[94m|[0m
            [1m[94m3[0m [1m[94m|[0m Restrat=no
              [1m[94m|[0m [1m[91m^^^^^^^[0m
              [1m[94m|[0m
              [1m[94m= [0m[1mhelp[0m: did you mean Restart=?

            [1m[91merror[unknown-directive][0m[1m: unknown directive Ü= in section [Unit][0m
             [1m[94m--> [0mx.service:2:1
              [1m[94m|[0m
            [1m[94m2[0m [1m[94m|[0m Ü=1
              [1m[94m|[0m [1m[91m^[0m

            [1m[33mwarning[ordering-cycle][0m[1m: ordering cycle: x.service after y.service after x.service[0m
             [1m[94m--> [0mx.service:3:7
              [1m[94m|[0m
            [1m[94m3[0m [1m[94m|[0m After=y.service
              [1m[94m|[0m       [1m[33m^^^^^^^^^[0m
              [1m[94m|[0m
             [1m[94m::: [0my.service:2:7
              [1m[94m|[0m
            [1m[94m2[0m [1m[94m|[0m After=x.service
              [1m[94m|[0m       [1m[94m---------[0m [1m[94my.service comes after x.service here[0m

            2> 2 errors, 1 warning in 3 files, 1 fixable with --fix
            status 1
        "#]],
    );
}

#[test]
fn short() {
    check(
        "--format short",
        expect![[r#"
            a b.d/ü%,.service:3:1: error: unknown directive Restrat= in section [Service] [unknown-directive]
            x.service:2:1: error: unknown directive Ü= in section [Unit] [unknown-directive]
            x.service:3:7: warning: ordering cycle: x.service after y.service after x.service [ordering-cycle]
            2> 2 errors, 1 warning in 3 files, 1 fixable with --fix
            status 1
        "#]],
    );
}

#[test]
fn json() {
    check(
        "--format json",
        expect![[r#"
            [
            {"path":"a b.d/ü%,.service","range":{"start":{"line":3,"column":1},"end":{"line":3,"column":8}},"severity":"error","rule":"unknown-directive","message":"unknown directive Restrat= in section [Service]","help":"did you mean Restart=?","related":[],"fixes":[{"title":"Rename to Restart=","certain":true,"edits":[{"range":{"start":{"line":3,"column":1},"end":{"line":3,"column":8}},"text":"Restart"}]}]},
            {"path":"x.service","range":{"start":{"line":2,"column":1},"end":{"line":2,"column":2}},"severity":"error","rule":"unknown-directive","message":"unknown directive Ü= in section [Unit]","help":null,"related":[],"fixes":[]},
            {"path":"x.service","range":{"start":{"line":3,"column":7},"end":{"line":3,"column":16}},"severity":"warning","rule":"ordering-cycle","message":"ordering cycle: x.service after y.service after x.service","help":null,"related":[{"path":"y.service","range":{"start":{"line":2,"column":7},"end":{"line":2,"column":16}},"message":"y.service comes after x.service here"}],"fixes":[]}
            ]
            2> 2 errors, 1 warning in 3 files, 1 fixable with --fix
            status 1
        "#]],
    );
    Folder::new(&[]).run(
        "check --format json",
        expect![[r#"
        []
        2> no unit files found
        status 0
    "#]],
    );
}

#[test]
fn github() {
    check(
        "--format github",
        expect![[r#"
            ::error file=a b.d/ü%25%2C.service,line=3,endLine=3,col=1,endColumn=7,title=svlsp%3A unknown-directive::unknown directive Restrat= in section [Service]%0Adid you mean Restart=?
            ::error file=x.service,line=2,endLine=2,col=1,endColumn=1,title=svlsp%3A unknown-directive::unknown directive Ü= in section [Unit]
            ::warning file=x.service,line=3,endLine=3,col=7,endColumn=15,title=svlsp%3A ordering-cycle::ordering cycle: x.service after y.service after x.service
            2> 2 errors, 1 warning in 3 files, 1 fixable with --fix
            status 1
        "#]],
    );
}

#[test]
fn sarif_without_the_rules() {
    let folder = Folder::new(&[("ü x.service", "[Service]\nExecStart=/bin/true\nRestrat=no\n")]);
    let output =
        folder.svlsp(&["check", "--format", "sarif", "--select", "unknown-directive", ".", "gone.service"]).output();
    let output = output.expect("svlsp runs");
    let mut log: serde_json::Value = serde_json::from_slice(&output.stdout).expect("SARIF is JSON");
    let rules = log["runs"][0]["tool"]["driver"]["rules"].take();
    let index = log["runs"][0]["results"][0]["ruleIndex"].take().as_u64().expect("the result knows its rule");
    assert_eq!(rules[index as usize]["id"], "unknown-directive");
    assert!(rules[index as usize]["help"]["markdown"].as_str().expect("a help text").contains("ExecStart="));
    expect![[r#"
        {
          "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
          "runs": [
            {
              "columnKind": "unicodeCodePoints",
              "invocations": [
                {
                  "executionSuccessful": false,
                  "exitCode": 2,
                  "toolExecutionNotifications": [
                    {
                      "level": "error",
                      "locations": [
                        {
                          "physicalLocation": {
                            "artifactLocation": {
                              "uri": "gone.service"
                            }
                          }
                        }
                      ],
                      "message": {
                        "text": "No such file or directory (os error 2)"
                      }
                    }
                  ]
                }
              ],
              "results": [
                {
                  "fixes": [
                    {
                      "artifactChanges": [
                        {
                          "artifactLocation": {
                            "uri": "%C3%BC%20x.service"
                          },
                          "replacements": [
                            {
                              "deletedRegion": {
                                "endColumn": 8,
                                "endLine": 3,
                                "startColumn": 1,
                                "startLine": 3
                              },
                              "insertedContent": {
                                "text": "Restart"
                              }
                            }
                          ]
                        }
                      ],
                      "description": {
                        "text": "Rename to Restart="
                      }
                    }
                  ],
                  "level": "error",
                  "locations": [
                    {
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "%C3%BC%20x.service"
                        },
                        "region": {
                          "endColumn": 8,
                          "endLine": 3,
                          "startColumn": 1,
                          "startLine": 3
                        }
                      }
                    }
                  ],
                  "message": {
                    "text": "unknown directive Restrat= in section [Service]\ndid you mean Restart=?"
                  },
                  "ruleId": "unknown-directive",
                  "ruleIndex": null
                }
              ],
              "tool": {
                "driver": {
                  "informationUri": "https://github.com/svlsp/svlsp",
                  "name": "svlsp",
                  "rules": null,
                  "semanticVersion": "0.1.0"
                }
              }
            }
          ],
          "version": "2.1.0"
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&log).expect("JSON can be written"));
}

#[test]
fn long_lines_and_messages_are_cut() {
    let text =
        format!("[Service]\nExecStart=/bin/true\n{}=1\nEnvironment={} Bad=\"\n", "ä".repeat(2000), "A=1 ".repeat(500));
    let folder = Folder::new(&[("a.service", &text)]);
    folder.run("check --select unknown-directive,invalid-value", expect![[r#"
        error[unknown-directive]: unknown directive ääääääääääääääääääääääääääääääääääääääääääääääääääääääääääää…= in section [Service]
         --> a.service:3:1
          |
        3 | ääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääää…
          | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

        error[invalid-value]: this quote is never closed
         --> a.service:4:2018
          |
         ::: 
        4 | …=1 A=1 A=1 A=1 A=1 A=1 A=1 A=1 A=1  Bad="
          |                                          ^

        2> 2 errors in 1 file
        status 1
    "#]]);
}

#[test]
fn what_a_file_says_drives_no_terminal() {
    let folder = Folder::new(&[("a.service", "[Service]\nExecStart=/bin/true\n\u{1b}[31mred\u{202e}=1\n")]);
    folder.run(
        "check --format short --select unknown-directive",
        expect![[r#"
        a.service:3:1: error: unknown directive \u{1b}[31mred\u{202e}= in section [Service] [unknown-directive]
        2> 1 error in 1 file
        status 1
    "#]],
    );
    folder.run("check --format github --select unknown-directive", expect![[r#"
        ::error file=a.service,line=3,endLine=3,col=1,endColumn=9,title=svlsp%3A unknown-directive::unknown directive \u{1b}[31mred\u{202e}= in section [Service]
        2> 1 error in 1 file
        status 1
    "#]]);
}
