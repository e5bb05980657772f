import { FFStorageManager } from 'flatfile-chat';

export async function example(): Promise<void> {
  const storage = new FFStorageManager(
    {
      vector: {
        model: 'Xenova/all-MiniLM-L6-v2',
        // A folder on your own server. Without it the files come from huggingface.co.
        modelPath: '/models/',
        // The runtime, likewise. Without it the copy in your app's build is taken.
        wasmPaths: {
          mjs: '/onnx/ort-wasm-simd-threaded.mjs',
          wasm: '/onnx/ort-wasm-simd-threaded.wasm',
        },
      },
    },
    {
      onModelProgress: ({ file, doneBytes, totalBytes }) => {
        console.info(`${file}: ${doneBytes} of ${totalBytes ?? 'unknown'} bytes`);
      },
    },
  );
  // Nothing is loaded before there is something to embed.
  await storage.initialize();
  console.log(storage.getConfiguration().vector.model); // Xenova/all-MiniLM-L6-v2
  await storage.close();
}
