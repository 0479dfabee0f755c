import { basename } from "node:path";
import { EventEmitter, languages, type TextDocumentContentProvider, Uri, ViewColumn, window, workspace } from "vscode";
import { type Backend, isBackend, type Preview } from "./protocol.ts";
import { render } from "./render.ts";

const SCHEME = "svlsp-preview";

/** Asks the server; throws if it has no answer. */
export type Fetch = (unit: Uri, backend: Backend) => Promise<Preview>;

/** Read-only documents that show the directory generated of an open file as it stands. */
export class Previews implements TextDocumentContentProvider {
  private readonly changed = new EventEmitter<Uri>();
  readonly onDidChange = this.changed.event;
  private readonly registration = workspace.registerTextDocumentContentProvider(SCHEME, this);

  constructor(private readonly fetch: Fetch) {}

  /** Opens the preview beside the active editor, which keeps the focus. */
  async show(unit: Uri, backend: Backend): Promise<void> {
    const document = await workspace.openTextDocument(previewUri(unit, backend));
    await languages.setTextDocumentLanguage(document, SCHEME);
    await window.showTextDocument(document, { viewColumn: ViewColumn.Beside, preserveFocus: true, preview: false });
  }

  /** Renews the open previews of a file, or all of them. */
  refresh(unit?: Uri): void {
    for (const { uri } of workspace.textDocuments) {
      if (uri.scheme === SCHEME && (unit === undefined || uri.query === unit.toString())) this.changed.fire(uri);
    }
  }

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const unit = Uri.parse(uri.query, true);
    const backend = isBackend(uri.fragment) ? uri.fragment : "runit";
    const name = basename(unit.path);
    try {
      return render(name, backend, await this.fetch(unit, backend));
    } catch (error) {
      return `# ${name} → ${backend}: ${error instanceof Error ? error.message : error}\n`;
    }
  }

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
  }
}

/** The path is what the tab shows; the file is in the query, the backend in the fragment. */
function previewUri(unit: Uri, backend: Backend): Uri {
  return Uri.from({
    scheme: SCHEME,
    path: `/${basename(unit.path)} → ${backend}`,
    query: unit.toString(),
    fragment: backend,
  });
}
