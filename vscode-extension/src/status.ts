import { MarkdownString, StatusBarAlignment, ThemeColor, window } from "vscode";
import { BACKENDS, type Summary } from "./protocol.ts";
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

  /** Shows the fates of the open file. */
  summary(summaries: readonly Summary[]): void {
    const rows = [...summaries].sort((a, b) => BACKENDS.indexOf(a.backend) - BACKENDS.indexOf(b.backend));
    const tooltip = rows.map(row => `- **${row.backend}**: ${describe(row)}`).join("\n");
    const chosen = rows.find(row => row.chosen);
    const text = chosen ? `$(arrow-swap) ${chosen.backend}: ${losses(chosen)}` : "$(arrow-swap) svlsp";
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
