import type { ModelProgress } from '../../src/shared/embedding.ts';

/** Milliseconds between two reports of one file. */
const REPORT_INTERVAL_MS = 100;

interface Download {
  doneBytes: number;
  /** Undefined when the server does not say. */
  readonly totalBytes: number | undefined;
}

/**
 * Watches downloads and tells how far they are, all together. The library can do so itself, and then
 * asks for every file twice, first for its length.
 */
export class DownloadProgress {
  readonly #onProgress: (progress: ModelProgress) => void;
  readonly #downloadsByFile = new Map<string, Download>();

  constructor(onProgress: (progress: ModelProgress) => void) {
    this.#onProgress = onProgress;
  }

  /** The same response, whose bytes are counted as they are read. */
  watch(response: Response, file: string): Response {
    if (response.body === null) return response;
    const download: Download = { doneBytes: 0, totalBytes: lengthOf(response) };
    this.#downloadsByFile.set(file, download);
    let reportedAt = performance.now();
    const counter = new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        download.doneBytes += chunk.byteLength;
        controller.enqueue(chunk);
        if (performance.now() - reportedAt < REPORT_INTERVAL_MS) return;
        reportedAt = performance.now();
        this.#report(file);
      },
      flush: () => this.#report(file),
    });
    return new Response(response.body.pipeThrough(counter), response);
  }

  #report(file: string): void {
    let doneBytes = 0;
    let totalBytes: number | undefined = 0;
    for (const download of this.#downloadsByFile.values()) {
      doneBytes += download.doneBytes;
      totalBytes =
        totalBytes === undefined || download.totalBytes === undefined
          ? undefined
          : totalBytes + download.totalBytes;
    }
    this.#onProgress({ doneBytes, ...(totalBytes === undefined ? {} : { totalBytes }), file });
  }
}

/** Of a file that comes compressed the header gives the compressed length, which is not what is read. */
function lengthOf({ headers }: Response): number | undefined {
  const length = headers.get('content-length');
  return length === null || headers.has('content-encoding') ? undefined : Number(length);
}
