/** Up to here every ratio is accepted: unpacking it does no harm. */
const HARMLESS_BYTES = 256 * 1024 * 1024;

/** Chat and documents compress 3 to 20 times, deflate makes 1,032 times of nothing but zeros. */
const MAX_RATIO = 200;

/**
 * Whether an archive unpacks to so much more than it holds that it is refused as a bomb: to more than
 * 256 MiB and to more than 200 times its own size. The writer keeps its archives below that.
 */
export function isTooDense(unpackedBytes: number, packedBytes: number): boolean {
  return unpackedBytes > HARMLESS_BYTES && unpackedBytes > packedBytes * MAX_RATIO;
}

/** Whether what has been packed so far comes near to that, so that the rest is better stored. */
export function isNearlyTooDense(unpackedBytes: number, packedBytes: number): boolean {
  return unpackedBytes > HARMLESS_BYTES / 4 && unpackedBytes > (packedBytes * MAX_RATIO) / 4;
}
