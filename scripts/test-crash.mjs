/**
 * The long version of the tests of reliability: `npm run test:crash -- [kills]`. Crashes a store at
 * every change of its disk in every way, damages 10,000 places, calls methods with hostile values,
 * and kills browsers. See docs/reliability.md.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const [kills = '500'] = process.argv.slice(2);

const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));

/** @param {string[]} args */
function runTests(...args) {
  const env = { ...process.env, FFDB_CRASH: 'all', FFDB_KILLS: kills };
  return spawnSync(process.execPath, [vitest, 'run', ...args], { env, stdio: 'inherit' }).status;
}

const unit = runTests('--project', 'unit', 'test/unit/reliability/');
const killed = runTests('--project', 'process', 'test/process/crash.test.ts');
process.exitCode = unit === 0 && killed === 0 ? 0 : 1;
