import { basename } from "node:path";
import { EventEmitter, languages, type TextDocumentContentProvider, Uri, ViewColumn, window, workspace } from "vscode";
import { isBackend, type Preview, type Wanted } from "./protocol.ts";
import { render } from "./render.ts";

const SCHEME = "svlsp-preview";

/** Asks the server; throws if it has no answer. */
export type Fetch = (unit: Uri, wanted: Wanted) => Promise<Preview>;

/** Read-only documents that show the directory generated of an open file as it stands. */
export class Previews implements TextDocumentContentProvider {
  private readonly changed = new EventEmitter<Uri>();
  readonly onDidChange = this.changed.event;
  private readonly registration = workspace.registerTextDocumentContentProvider(SCHEME, this);

  constructor(private readonly fetch: Fetch) {}

  /** Opens the preview beside the active editor, which keeps the focus. */
  async show(unit: Uri, wanted: Wanted): Promise<void> {
    const document = await workspace.openTextDocument(previewUri(unit, wanted));
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
    const wanted = read(uri.fragment);
    const name = nameOf(unit, wanted);
    try {
      return render(name, wanted.backend, await this.fetch(unit, wanted));
    } catch (error) {
      return `# ${name} → ${wanted.backend}: ${error instanceof Error ? error.message : error}\n`;
    }
  }

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
  }
}

/** The path is what the tab shows; the file is in the query, what is wanted of it in the fragment. */
function previewUri(unit: Uri, wanted: Wanted): Uri {
  const { backend, section } = wanted;
  return Uri.from({
    scheme: SCHEME,
    path: `/${nameOf(unit, wanted)} → ${backend}`,
    query: unit.toString(),
    fragment: section === undefined ? backend : `${backend} ${section}`,
  });
}

/** `runit`, or `runit program:web`. */
function read(fragment: string): Wanted {
  const [, backend, section] = /^(\S*)(?: (.*))?$/s.exec(fragment) ?? [];
  return { backend: isBackend(backend) ? backend : "runit", section };
}

function nameOf(unit: Uri, { section }: Wanted): string {
  const file = basename(unit.path);
  return section === undefined ? file : `${file} [${section}]`;
}
