import { backendAcceptance, createMemoryBackend } from 'flatfile-chat/testing';

export async function example(): Promise<void> {
  for (const { name, run } of backendAcceptance) {
    const open = async () => createMemoryBackend();
    await run({ open, persistent: false }).catch((cause: unknown) => {
      throw new Error(name, { cause });
    });
  }
}
