import { DOT_KERNEL_WASM } from './dot-kernel.wasm.ts';
import { createJavaScriptKernel } from './javascript-kernel.ts';

/** How dot products are computed. The results are the same, to the last bit. */
export type KernelKind = 'wasm-simd' | 'javascript';

/**
 * Multiplies rows by a query, all of them in one memory that is addressed in bytes. The parameters
 * of the functions, and what has to be aligned and padded, are described in dot-kernel.wat.
 */
export interface DotKernel {
  readonly kind: KernelKind;
  /** The memory; another buffer after each `grow`, the old one being detached or left behind. */
  readonly buffer: ArrayBuffer;
  /**
   * Adds at least so many bytes of zeros at the end of the memory.
   *
   * @throws RangeError when the platform has no more
   */
  grow(bytes: number): void;
  /** Rows of int8, a query of int16, results of int32. */
  readonly dotInt8: DotFunction;
  /** Rows, query and results of float32. */
  readonly dotFloat32: DotFunction;
}

export type DotFunction = (
  rows: number,
  stride: number,
  list: number,
  count: number,
  query: number,
  out: number,
) => void;

const WASM_PAGE_BYTES = 0x1_0000;

/** The fastest kernel that works here. */
export function createDotKernel(): DotKernel {
  return createWasmKernel() ?? createJavaScriptKernel();
}

/** The kernel in WebAssembly; `null` where that, or its vector instructions, cannot be had. */
export function createWasmKernel(): DotKernel | null {
  try {
    const bytes = Uint8Array.from(atob(DOT_KERNEL_WASM), (char) => char.charCodeAt(0));
    if (!WebAssembly.validate(bytes)) return null;
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
    const { memory, dotInt8, dotFloat32 } = exports as {
      readonly memory: WebAssembly.Memory;
      readonly dotInt8: DotFunction;
      readonly dotFloat32: DotFunction;
    } & WebAssembly.Exports;
    return {
      kind: 'wasm-simd',
      get buffer() {
        return memory.buffer as ArrayBuffer;
      },
      grow(bytes) {
        memory.grow(Math.ceil(bytes / WASM_PAGE_BYTES));
      },
      dotInt8,
      dotFloat32,
    };
  } catch {
    // A page's security policy may forbid compiling, and some hardened browsers have no WebAssembly.
    return null;
  }
}
