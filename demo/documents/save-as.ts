/** Long enough for the browser to have begun to read it, which it does on its own time. */
const KEEP_MS = 60_000;

/** Offers a file for download. It is never opened in the page, whatever its type. */
export function saveAs(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEEP_MS);
}
