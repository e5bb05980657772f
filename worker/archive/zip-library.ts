/**
 * zip.js in its smallest build, which brings neither WebAssembly nor workers: it parses directories,
 * nothing else. Loaded with the first restore: no store needs it to open.
 */
export async function loadZip(): Promise<typeof import('@zip.js/zip.js/lib/zip-core-custom.js')> {
  const zip = await import('@zip.js/zip.js/lib/zip-core-custom.js');
  zip.configure({ useWebWorkers: false });
  return zip;
}
