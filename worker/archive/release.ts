/** Newer than the library that this is compiled against, and than some browsers. */
type Transferable = ArrayBuffer & { transfer?(length: number): ArrayBuffer };

/**
 * Gives back the memory of bytes that nobody looks at any more, where the platform can and they are all
 * of their buffer. To the garbage collector a buffer is a small object: left to it, hundreds of
 * megabytes of them pile up.
 */
export function release({ buffer, byteLength }: Uint8Array): void {
  if (byteLength === buffer.byteLength) (buffer as Transferable).transfer?.(0);
}
