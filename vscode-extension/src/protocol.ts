import { NotificationType, RequestType, type TextDocumentIdentifier } from "vscode-languageclient/node";

/** The supervisors that units are converted for, by their names on the command line. */
export const BACKENDS = ["runit", "s6", "s6-rc", "nosh", "systemd"] as const;

export type Backend = (typeof BACKENDS)[number];

export function isBackend(value: unknown): value is Backend {
  return BACKENDS.some(backend => backend === value);
}

/** Settings of the server, with the keys of `svlsp.toml`. */
export interface Settings {
  [key: string]: unknown;
}

/** How many settings of a unit have which fate. */
export interface Counts {
  native: number;
  emulated: number;
  approximated: number;
  lost: number;
  irrelevant: number;
}

/** One file of a generated directory. */
export interface GeneratedFile {
  /** Relative to the directory of services; with a slash at its end, it is a directory. */
  path: string;
  content: string;
  executable: boolean;
  /** Where it leads, if it is a symbolic link. */
  link?: string | null;
}

export interface Preview {
  files: GeneratedFile[];
  notes: string[];
  fates: Counts;
}

/** `chosen`: whether it is the one whose fates are shown at the end of lines. */
export type Summary = Counts & { backend: Backend; chosen: boolean };

interface OfDocument {
  textDocument: TextDocumentIdentifier;
}

/** What is to be generated: of supervisord.conf one section, `program:web`, or all of it. */
export interface Wanted {
  backend: Backend;
  section?: string | undefined;
}

/** What would be generated of an open file as it stands in the editor. */
export const previewRequest = new RequestType<OfDocument & Wanted, Preview, void>("svlsp/preview");

/** The fates of an open file's settings, for every backend. */
export const summaryRequest = new RequestType<OfDocument, Summary[], void>("svlsp/summary");

/** The answers to both may have changed. */
export const previewChanged = new NotificationType<{ uri: string }>("svlsp/previewChanged");
