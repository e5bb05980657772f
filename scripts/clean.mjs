import { rmSync } from 'node:fs';

// A file that a renamed source left behind would go into the package.
rmSync(new URL('../dist/', import.meta.url), { recursive: true, force: true });
