import type { DotKernel } from './dot-kernel.ts';

/** The kernel of dot-kernel.wat in plain JavaScript, for where WebAssembly cannot be had. */
export function createJavaScriptKernel(): DotKernel {
  let buffer = new ArrayBuffer(0);
  let int8 = new Int8Array(buffer);
  let int16 = new Int16Array(buffer);
  let int32 = new Int32Array(buffer);
  let float32 = new Float32Array(buffer);

  // Addresses are within the memory, by the caller's word: that is what every `!` here rests on.
  const rowStart = (rows: number, stride: number, list: number, index: number): number =>
    rows + (list === 0 ? index : int32[list / 4 + index]!) * stride;

  return {
    kind: 'javascript',
    get buffer() {
      return buffer;
    },

    grow(bytes) {
      const grown = new ArrayBuffer(buffer.byteLength + Math.ceil(bytes / 16) * 16);
      new Uint8Array(grown).set(new Uint8Array(buffer));
      buffer = grown;
      int8 = new Int8Array(buffer);
      int16 = new Int16Array(buffer);
      int32 = new Int32Array(buffer);
      float32 = new Float32Array(buffer);
    },

    dotInt8(rows, stride, list, count, query, out) {
      const factors = int16.subarray(query / 2, query / 2 + stride);
      // Four rows at a time, as in dot-kernel.wat: each factor is loaded, and its index checked, once.
      for (let index = 0; index < count; index += 4) {
        const start0 = rowStart(rows, stride, list, index);
        const start1 = rowStart(rows, stride, list, Math.min(index + 1, count - 1));
        const start2 = rowStart(rows, stride, list, Math.min(index + 2, count - 1));
        const start3 = rowStart(rows, stride, list, Math.min(index + 3, count - 1));
        let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
        for (let at = 0; at < stride; at++) {
          const factor = factors[at]!;
          sum0 = (sum0 + Math.imul(int8[start0 + at]!, factor)) | 0;
          sum1 = (sum1 + Math.imul(int8[start1 + at]!, factor)) | 0;
          sum2 = (sum2 + Math.imul(int8[start2 + at]!, factor)) | 0;
          sum3 = (sum3 + Math.imul(int8[start3 + at]!, factor)) | 0;
        }
        int32[out / 4 + index] = sum0;
        int32[out / 4 + index + 1] = sum1;
        int32[out / 4 + index + 2] = sum2;
        int32[out / 4 + index + 3] = sum3;
      }
    },

    dotFloat32(rows, stride, list, count, query, out) {
      const length = stride / 4;
      const factors = float32.subarray(query / 4, query / 4 + length);
      for (let index = 0; index < count; index++) {
        const start = rowStart(rows, stride, list, index) / 4;
        // Four sums, rounded at every step and added in this order: as the four lanes of a vector.
        let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
        for (let at = 0; at < length; at += 4) {
          sum0 = Math.fround(sum0 + Math.fround(float32[start + at]! * factors[at]!));
          sum1 = Math.fround(sum1 + Math.fround(float32[start + at + 1]! * factors[at + 1]!));
          sum2 = Math.fround(sum2 + Math.fround(float32[start + at + 2]! * factors[at + 2]!));
          sum3 = Math.fround(sum3 + Math.fround(float32[start + at + 3]! * factors[at + 3]!));
        }
        float32[out / 4 + index] = Math.fround(sum0 + sum2) + Math.fround(sum1 + sum3);
      }
    },
  };
}
