import type { Backend, Counts, GeneratedFile, Preview } from "./protocol.ts";

/** What the heading of a file in the preview begins with; `syntaxes/svlsp-preview` knows it too. */
const HEADING = "────";

/** All of a generated directory as one text: what became of the settings, then file after file. */
export function render(unit: string, backend: Backend, preview: Preview): string {
  const head = [`# ${unit} → ${backend}: ${describe(preview.fates)}`, ...preview.notes.map(note => `# ${note}`)];
  return [head.join("\n"), ...inReadingOrder(preview.files).map(renderFile)].join("\n\n").concat("\n");
}

/** Of each service what is run comes first, and last the tools that are the same for all services. */
function inReadingOrder(files: readonly GeneratedFile[]): GeneratedFile[] {
  const services = [...new Set(files.map(({ path }) => path.split("/")[0]))];
  const rank = ({ path }: GeneratedFile) => {
    const [service, ...rest] = path.split("/");
    const inside = rest.join("/");
    const place = ["run", "service/run"].includes(inside) ? 0 : rest[0] === "data" ? 2 : 1;
    return 3 * services.indexOf(service) + place;
  };
  return [...files].sort((a, b) => rank(a) - rank(b));
}

function renderFile(file: GeneratedFile): string {
  if (file.link != null) return heading(`${file.path} → ${file.link}`);
  if (file.path.endsWith("/")) return heading(file.path);
  const content = file.content.replace(/\n$/, "");
  return `${heading(file.executable ? `${file.path} (executable)` : file.path)}\n${content}`;
}

function heading(text: string): string {
  return `${HEADING} ${text} `.padEnd(80, "─");
}

/** `12 native, 2 lost`: those that are not zero, from the best to the worst. */
export function describe(counts: Counts): string {
  const { native, emulated, approximated, lost } = counts;
  const told = Object.entries({ native, emulated, approximated, lost }).filter(([, count]) => count > 0);
  return told.map(([fate, count]) => `${count} ${fate}`).join(", ") || "nothing to convert";
}

/** `2 lost`, `1 approximated` or `nothing lost`: what a glance should tell. */
export function losses({ lost, approximated }: Counts): string {
  if (lost > 0) return `${lost} lost`;
  return approximated > 0 ? `${approximated} approximated` : "nothing lost";
}
