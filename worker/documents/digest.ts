import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/** A SHA-256 that is fed piece by piece. */
export interface Digest {
  /** Throws when `hex` has been called. */
  update(bytes: Uint8Array): void;
  /** 64 lower-case hexadecimal digits over everything fed. Ends the digest; always the same then. */
  hex(): string;
}

/**
 * Starts a digest. Not WebCrypto, whose `digest` wants the whole content in memory at once, and which
 * pages without HTTPS do not have.
 */
export function createDigest(): Digest {
  const hash = sha256.create();
  let result: string | undefined;
  return {
    update: (bytes) => {
      hash.update(bytes);
    },
    hex: () => (result ??= bytesToHex(hash.digest())),
  };
}
