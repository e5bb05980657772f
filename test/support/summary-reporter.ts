import type { SerializedError } from 'vitest';
import type { Reporter, TestModule, TestSuite } from 'vitest/node';

/**
 * Ends the output of a run with `N passed, N failed`, alone on the last line, for whoever reads the
 * log with a program. What is no test but went wrong counts as failed: a file that could not be
 * loaded, a hook that threw, an error that nobody caught.
 */
export class SummaryReporter implements Reporter {
  #passed = 0;
  #failed = 0;
  #skipped = 0;

  onInit(): void {
    // Not at the end of the run: Vitest may still report there, for example that it cannot stop.
    process.once('exit', (code) => this.#print(code));
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    this.#passed = 0;
    this.#skipped = 0;
    this.#failed = unhandled.length;
    for (const module of modules) this.#count(module);
  }

  #count(module: TestModule): void {
    const suites: (TestModule | TestSuite)[] = [module, ...module.children.allSuites()];
    this.#failed += suites.filter((suite) => suite.errors().length > 0).length;
    for (const test of module.children.allTests()) {
      switch (test.result().state) {
        case 'passed':
          this.#passed += 1;
          break;
        case 'skipped':
          this.#skipped += 1;
          break;
        // A test that is still pending when the run has ended did not pass.
        case 'failed':
        case 'pending':
          this.#failed += 1;
          break;
      }
    }
  }

  #print(code: number): void {
    // Vitest can also fail as a whole: no test was found, a browser did not start.
    if (code !== 0 && this.#failed === 0) this.#failed = 1;
    const skipped = this.#skipped === 0 ? '' : `, ${this.#skipped} skipped`;
    process.stdout.write(`${this.#passed} passed, ${this.#failed} failed${skipped}\n`);
  }
}
