//! SARIF 2.1.0, the format of code scanning services.

use std::io::{self, Write};
use std::path::{Component, Path};

use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use svlsp_core::diagnostic::Severity;
use svlsp_core::rules;
use svlsp_core::text::Position;

use super::{Finding, Fix, Report, Spot, escape};

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let run = Run {
        column_kind: "unicodeCodePoints",
        invocations: [invocation(report)],
        results: Results(report),
        tool: Tool { driver: driver() },
    };
    let log = Log { schema: "https://json.schemastore.org/sarif-2.1.0.json", runs: [run], version: "2.1.0" };
    serde_json::to_writer_pretty(&mut *out, &log)?;
    out.write_all(b"\n")
}

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    runs: [Run<'a>; 1],
    version: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    column_kind: &'static str,
    invocations: [Value; 1],
    results: Results<'a>,
    tool: Tool,
}

#[derive(Serialize)]
struct Tool {
    driver: Value,
}

/// The findings, made into values one at a time.
struct Results<'a>(&'a Report<'a>);

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.findings.iter().map(|finding| result(self.0, finding)))
    }
}

fn driver() -> Value {
    let rules = rules::ALL.iter().map(|rule| {
        let short = rule.doc.split("\n\n").next().unwrap_or_default();
        json!({
            "id": rule.name,
            "shortDescription": { "text": short },
            "help": { "text": rule.doc, "markdown": rule.doc },
            "defaultConfiguration": { "level": level(rule.severity), "enabled": !rule.optional },
        })
    });
    json!({
        "name": "svlsp",
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "informationUri": env!("CARGO_PKG_REPOSITORY"),
        "rules": rules.collect::<Vec<_>>(),
    })
}

fn invocation(report: &Report) -> Value {
    let notifications = report.failures.iter().map(|failure| {
        json!({
            "level": "error",
            "message": { "text": failure.message },
            "locations": [{ "physicalLocation": { "artifactLocation": { "uri": uri(&failure.path) } } }],
        })
    });
    json!({
        "executionSuccessful": report.failures.is_empty(),
        "exitCode": report.status,
        "toolExecutionNotifications": notifications.collect::<Vec<_>>(),
    })
}

fn result(report: &Report, finding: &Finding) -> Value {
    let text = match &finding.help {
        Some(help) => format!("{}\n{help}", finding.message),
        None => finding.message.clone(),
    };
    let mut result = json!({
        "ruleId": finding.rule,
        "level": level(finding.severity),
        "message": { "text": text },
        "locations": [{ "physicalLocation": location(report, &finding.spot) }],
    });
    if let Some(at) = rules::ALL.iter().position(|rule| rule.name == finding.rule) {
        result["ruleIndex"] = json!(at);
    }
    if !finding.related.is_empty() {
        let related = finding.related.iter().enumerate().map(|(id, other)| {
            json!({
                "id": id,
                "message": { "text": other.message },
                "physicalLocation": location(report, &other.spot),
            })
        });
        result["relatedLocations"] = related.collect();
    }
    if !finding.fixes.is_empty() {
        result["fixes"] = finding.fixes.iter().map(|fix| mend(report, finding, fix)).collect();
    }
    result
}

fn mend(report: &Report, finding: &Finding, fix: &Fix) -> Value {
    let replacements = fix.changes.iter().map(|change| {
        json!({
            "deletedRegion": region(change.start, change.end),
            "insertedContent": { "text": change.edit.text },
        })
    });
    json!({
        "description": { "text": fix.title },
        "artifactChanges": [{
            "artifactLocation": { "uri": uri(report.path(&finding.spot)) },
            "replacements": replacements.collect::<Vec<_>>(),
        }],
    })
}

fn location(report: &Report, spot: &Spot) -> Value {
    json!({
        "artifactLocation": { "uri": uri(report.path(spot)) },
        "region": region(spot.start, spot.end),
    })
}

fn region(start: Position, end: Position) -> Value {
    json!({
        "startLine": start.line + 1,
        "startColumn": start.column + 1,
        "endLine": end.line + 1,
        "endColumn": end.column + 1,
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "note",
    }
}

/// A path as a URI: relative as it is, absolute with the scheme `file`.
fn uri(path: &Path) -> String {
    let mut parts: Vec<String> = Vec::new();
    for component in path.components() {
        match component {
            Component::RootDir | Component::Prefix(_) => {}
            Component::CurDir => {}
            Component::ParentDir => parts.push("..".to_owned()),
            Component::Normal(name) => parts.push(escape::percent(name.as_encoded_bytes())),
        }
    }
    let path_text = parts.join("/");
    if path.is_absolute() { format!("file:///{path_text}") } else { path_text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris_hold_any_path() {
        assert_eq!(uri(Path::new("./a b/../c\\x2dd@%.service")), "a%20b/../c%5Cx2dd%40%25.service");
        assert_eq!(uri(Path::new("/etc/ä\n.service")), "file:///etc/%C3%A4%0A.service");
    }
}
