import * as v from 'valibot';
import type { CleanupRequest } from '../shared/contract.ts';
import { flag, options, parse, preview } from './parse.ts';

const DEFAULT_DAYS_OLD = 30;

const tooYoung = (issue: { readonly input: unknown }) =>
  `must be a number of days, 0 or more; got ${preview(issue.input)}`;

const cleanup = options({
  daysOld: v.optional(
    v.pipe(v.number(tooYoung), v.finite(tooYoung), v.minValue(0, tooYoung)),
    DEFAULT_DAYS_OLD,
  ),
  dryRun: v.optional(flag, true),
});

/** Checks what is asked of maintenance; nothing of it depends on the configuration. */
export const maintenanceValidator = {
  cleanup: (value: unknown): CleanupRequest => parse(cleanup, value, '', 'options'),
};
