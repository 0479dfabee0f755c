import { equal } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createOnigScanner, createOnigString, loadWASM } from "vscode-oniguruma";
import { INITIAL, parseRawGrammar, Registry } from "vscode-textmate";

const wasm = readFileSync("node_modules/vscode-oniguruma/release/onig.wasm");
/** As much of a shell's grammar as can be left open by an unfinished script. */
const SHELL =
  '{ "scopeName": "source.shell", "patterns": [{ "begin": "\\"", "end": "\\"", "name": "string.quoted.shell" }] }';

const registry = new Registry({
  onigLib: loadWASM(new Uint8Array(wasm).buffer).then(() => ({ createOnigScanner, createOnigString })),
  loadGrammar: async scope => {
    const path = `syntaxes/${scope.split(".")[1]}.tmLanguage.json`;
    return parseRawGrammar(scope === "source.shell" ? SHELL : readFileSync(path, "utf8"), path);
  },
});

/** Each line's tokens as `text:scope`, the innermost scope without the language's name. */
async function tokens(scope: string, text: string): Promise<string> {
  const grammar = await registry.loadGrammar(scope);
  let state = INITIAL;
  const lines = text.split("\n").map(line => {
    const result = grammar?.tokenizeLine(line, state);
    state = result?.ruleStack ?? state;
    const told = result?.tokens.map(({ startIndex, endIndex, scopes }) => {
      const innermost = scopes.at(-1)?.replace(/\.[^.]*$/, "");
      return [line.slice(startIndex, endIndex).trim(), innermost];
    });
    return told?.filter(([word]) => word !== "").map(([word, scope]) => `${word}:${scope}`);
  });
  return lines.map(told => told?.join(" ") ?? "").join("\n");
}

async function check(scope: string, text: string, expected: string): Promise<void> {
  equal(await tokens(scope, text), expected);
}

const unit = (text: string, expected: string) => check("source.systemd-unit", text, expected);
const conf = (text: string, expected: string) => check("source.supervisord-conf", text, expected);

test("sections, directives, comments", async () => {
  await unit(
    "[Service]\n# why\n  ; also\nUser=www-data\nRestart = on-failure",
    `[:punctuation.definition.section.begin Service:entity.name.type.section ]:punctuation.definition.section.end
#:punctuation.definition.comment why:comment.line.number-sign
;:punctuation.definition.comment also:comment.line.number-sign
User:variable.other.property =:keyword.operator.assignment www-data:string.unquoted
Restart:variable.other.property =:keyword.operator.assignment on-failure:string.unquoted`,
  );
});

test("booleans and numbers are the whole value", async () => {
  await unit(
    "PrivateTmp=yes\nDescription=yes sir\nTimeoutSec=1min 30s\nDescription=3 mice",
    `PrivateTmp:variable.other.property =:keyword.operator.assignment yes:constant.language.boolean
Description:variable.other.property =:keyword.operator.assignment yes:string.unquoted sir:string.unquoted
TimeoutSec:variable.other.property =:keyword.operator.assignment 1min 30s:constant.numeric
Description:variable.other.property =:keyword.operator.assignment 3:string.unquoted mice:string.unquoted`,
  );
});

test("a command: prefixes, program, options, quotes, specifiers, variables", async () => {
  await unit(
    'ExecStart=-!/usr/bin/web-%i --port $PORT "a %n" $$ ; @b',
    `ExecStart:variable.other.property =:keyword.operator.assignment -!:keyword.operator.prefix /usr/bin/web-:entity.name.function %i:constant.character.escape.specifier --port:constant.other.option $PORT:variable.other.constant.environment "a:string.quoted %n:constant.character.escape.specifier ":string.quoted $$:constant.character.escape ;:punctuation.separator.command @:keyword.operator.prefix b:entity.name.function`,
  );
});

test("a continuation goes on over comments, and ends at a blank line", async () => {
  await unit(
    "ExecStart=/bin/a \\\n# not an argument\n  --yes \\\n\nUser=a",
    `ExecStart:variable.other.property =:keyword.operator.assignment /bin/a:entity.name.function \\:punctuation.separator.continuation
#:punctuation.definition.comment not an argument:comment.line.number-sign
--yes:constant.other.option \\:punctuation.separator.continuation

User:variable.other.property =:keyword.operator.assignment a:string.unquoted`,
  );
});

test("a comment doesn't go on", async () => {
  await unit(
    "# a \\\nUser=a",
    `#:punctuation.definition.comment a \\:comment.line.number-sign
User:variable.other.property =:keyword.operator.assignment a:string.unquoted`,
  );
});

test("variables of Environment=", async () => {
  await unit(
    'Environment=A=1 "B=two words" C=%h',
    `Environment:variable.other.property =:keyword.operator.assignment A:variable.other.constant.environment =:keyword.operator.assignment 1:string.unquoted ":string.quoted B:variable.other.constant.environment =:keyword.operator.assignment two:string.unquoted words:string.unquoted ":string.unquoted C:variable.other.constant.environment =:keyword.operator.assignment %h:constant.character.escape.specifier`,
  );
});

test("supervisord: sections, values over several lines, expansions, comments", async () => {
  await conf(
    "[program:web] ; why\ncommand=/bin/web --port 1 ; why\n  %(ENV_HOME)s/x\nautostart=true # why\nnumprocs = 3",
    `[:punctuation.definition.section.begin program:entity.name.type.section ::punctuation.separator.section web:entity.name.function.section ]:punctuation.definition.section.end ; why:comment.line
command:variable.other.property =:keyword.operator.assignment /bin/web:entity.name.function --port:constant.other.option 1:string.unquoted ; why:comment.line
%(ENV_HOME)s:constant.character.escape.specifier /x:string.unquoted
autostart:variable.other.property =:keyword.operator.assignment true:constant.language # why:comment.line
numprocs:variable.other.property =:keyword.operator.assignment 3:constant.numeric`,
  );
});

test("preview: headings end whatever the file before left open", async () => {
  await check(
    "text.svlsp-preview",
    '# web → s6\n──── web/run (executable) ────\necho "open\n──── web/type ────\nlongrun',
    `# web → s6:comment.line.number-sign
────:punctuation.definition.heading web/run:markup.heading (executable):comment ────:punctuation.definition.heading
echo:source ":string.quoted open:string.quoted
────:punctuation.definition.heading web/type:markup.heading ────:punctuation.definition.heading
longrun:source`,
  );
});

test("preview: a unit file is one", async () => {
  await check(
    "text.svlsp-preview",
    "──── web.service ────\n# why\n[Service]\nUser=www-data",
    `────:punctuation.definition.heading web.service:markup.heading ────:punctuation.definition.heading
#:punctuation.definition.comment why:comment.line.number-sign
[:punctuation.definition.section.begin Service:entity.name.type.section ]:punctuation.definition.section.end
User:variable.other.property =:keyword.operator.assignment www-data:string.unquoted`,
  );
});
