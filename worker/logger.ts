import type { FFLogLevel } from '../src/shared/config.ts';

/** Where the store says what an app cannot see from its results. */
export interface Logger {
  error(message: string, cause?: unknown): void;
  warn(message: string, cause?: unknown): void;
  info(message: string): void;
  debug(message: string): void;
}

const LEVELS: readonly FFLogLevel[] = ['silent', 'error', 'warn', 'info', 'debug'];

/**
 * A logger that writes to the console what `runtime.logLevel` lets through.
 *
 * @param level asked each time: it may change while the store is open
 */
export function createLogger(level: () => FFLogLevel): Logger {
  const write =
    (at: Exclude<FFLogLevel, 'silent'>) =>
    (message: string, cause?: unknown): void => {
      if (LEVELS.indexOf(at) > LEVELS.indexOf(level())) return;
      const line = `flatfile-chat: ${message}`;
      if (cause === undefined) console[at](line);
      else console[at](line, cause);
    };
  return { error: write('error'), warn: write('warn'), info: write('info'), debug: write('debug') };
}
