/** Bytes that pass through the library in one piece. */
const CHUNK_BYTES = 64 * 1024;

/** More entries than any caller has under way at once. */
const MAX_STREAMS = 1024;

/**
 * zip.js in its smallest build, which compresses with the platform's own streams and brings neither
 * WebAssembly nor workers. Loaded on the first backup: no store needs it to open.
 */
export async function loadZip(): Promise<typeof import('@zip.js/zip.js/lib/zip-core-custom.js')> {
  const zip = await import('@zip.js/zip.js/lib/zip-core-custom.js');
  zip.configure({
    chunkSize: CHUNK_BYTES,
    useWebWorkers: false,
    // It counts streams without workers too, and holds further ones back for seconds: with the
    // default, the number of processors, one paused backup would stall the next.
    maxWorkers: MAX_STREAMS,
  });
  return zip;
}
