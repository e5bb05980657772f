/**
 * Puts the models beside the built code, which looks for them at the same place as the source does:
 * in the folder `models` next to its own.
 */
import { cpSync } from 'node:fs';

const root = new URL('../', import.meta.url);
cpSync(new URL('models/', root), new URL('dist/models/', root), { recursive: true });
