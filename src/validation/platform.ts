/**
 * What kind of platform object a value is, in the words of `Object.prototype.toString`. Unlike
 * `instanceof` it also knows an object of another realm, such as that of an iframe.
 */
export function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value);
}

/** Whether the value is a `Blob`; a `File` is one. */
export function isBlob(value: unknown): value is Blob {
  const tag = tagOf(value);
  return tag === '[object Blob]' || tag === '[object File]';
}

/** Whether the value is a stream of bytes or of anything else. */
export function isReadableStream(value: unknown): value is ReadableStream<unknown> {
  return tagOf(value) === '[object ReadableStream]';
}

/** Whether the value is a signal. */
export function isAbortSignal(value: unknown): value is AbortSignal {
  return tagOf(value) === '[object AbortSignal]';
}
