import { MarkdownString, StatusBarAlignment, ThemeColor, window } from "vscode";
import { BACKENDS, type Backend, type Summary } from "./protocol.ts";
import { describe, losses } from "./render.ts";

/** The item in the status bar: the chosen backend, and what the open file loses on it. */
export class Status {
  private readonly item = window.createStatusBarItem("svlsp", StatusBarAlignment.Right, 100);

  constructor() {
    this.item.name = "svlsp";
  }

  hide(): void {
    this.item.hide();
  }

  /** Shows that there is no server. */
  problem(text: string): void {
    this.show("$(error) svlsp", text, "svlsp.showOutput");
    this.item.backgroundColor = new ThemeColor("statusBarItem.errorBackground");
  }

  /** Shows the fates of the open file; `chosen` may be none of the backends. */
  summary(chosen: Backend | undefined, summaries: readonly Summary[]): void {
    const rows = [...summaries].sort((a, b) => BACKENDS.indexOf(a.backend) - BACKENDS.indexOf(b.backend));
    const tooltip = rows.map(row => `- **${row.backend}**: ${describe(row)}`).join("\n");
    const counts = rows.find(({ backend }) => backend === chosen);
    let text = "$(arrow-swap) svlsp";
    if (chosen !== undefined) text = counts ? `$(arrow-swap) ${chosen}: ${losses(counts)}` : `$(arrow-swap) ${chosen}`;
    this.show(text, new MarkdownString(`${tooltip}\n\nClick to choose a backend.`), "svlsp.selectBackend");
    this.item.backgroundColor = undefined;
  }

  private show(text: string, tooltip: string | MarkdownString, command: string): void {
    Object.assign(this.item, { text, tooltip, command });
    this.item.show();
  }

  dispose(): void {
    this.item.dispose();
  }
}
