import type { ModelDevice, ModelRequest } from '../src/shared/embedding.ts';

/** The part of WebGPU that is asked for here; TypeScript's own libraries do not know it yet. */
interface Gpu {
  requestAdapter(): Promise<{
    readonly isFallbackAdapter?: boolean;
    readonly info?: { readonly isFallbackAdapter?: boolean };
  } | null>;
}

/** The device that a model would run on here. */
export async function selectDevice(wish: ModelRequest['device']): Promise<ModelDevice> {
  return wish === 'wasm' || !(await hasGpu(wish === 'webgpu')) ? 'wasm' : 'webgpu';
}

/** A fallback adapter is WebGPU in software, slower than WebAssembly: it has to be asked for. */
async function hasGpu(acceptFallback: boolean): Promise<boolean> {
  const { gpu } = (globalThis as { navigator?: { gpu?: Gpu } }).navigator ?? {};
  // Some browsers offer WebGPU and then throw where its adapter is on a blocklist.
  const adapter = await gpu?.requestAdapter().catch(() => null);
  if (adapter === null || adapter === undefined) return false;
  const isFallback = adapter.info?.isFallbackAdapter ?? adapter.isFallbackAdapter ?? false;
  return acceptFallback || !isFallback;
}
