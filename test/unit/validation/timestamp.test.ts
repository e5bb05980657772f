import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FFValidationError } from '../../../src/shared/errors.ts';
import { loadConfig } from '../../../src/validation/config.ts';
import { createInputValidator } from '../../../src/validation/input.ts';

const { message } = createInputValidator(loadConfig());

const timestampOf = (timestamp: unknown): string | undefined =>
  message({ role: 'user', content: 'x', timestamp }).timestamp;

describe('a timestamp', () => {
  it.each([
    ['2026-01-31T09:30:00.000Z', '2026-01-31T09:30:00.000Z'],
    ['2026-01-31T09:30:00Z', '2026-01-31T09:30:00.000Z'],
    ['2026-01-31T09:30Z', '2026-01-31T09:30:00.000Z'],
    ['2026-01-31 09:30:00Z', '2026-01-31T09:30:00.000Z'],
    ['2026-01-31t09:30:00z', '2026-01-31T09:30:00.000Z'],
    ['2026-01-31T09:30:00.5Z', '2026-01-31T09:30:00.500Z'],
    ['2026-01-31T09:30:00.123456789Z', '2026-01-31T09:30:00.123Z'],
    ['2026-01-31T09:30:00+02:00', '2026-01-31T07:30:00.000Z'],
    ['2026-01-31T09:30:00+0200', '2026-01-31T07:30:00.000Z'],
    ['2026-01-31T23:30:00-05:30', '2026-02-01T05:00:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('%s is stored as %s', (given, stored) => {
    expect(timestampOf(given)).toBe(stored);
  });

  it('gives every point in time back as it is', () => {
    const date = fc.date({
      min: new Date('0001-01-02T00:00:00Z'),
      max: new Date('9999-12-30T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(date, fc.integer({ min: -14 * 60, max: 14 * 60 }), (time, minutes) => {
        const utc = time.toISOString();
        expect(timestampOf(utc)).toBe(utc);
        const local = new Date(time.getTime() + minutes * 60_000).toISOString().slice(0, -1);
        const [hours, rest] = [Math.abs(minutes) / 60, Math.abs(minutes) % 60].map((part) =>
          String(Math.floor(part)).padStart(2, '0'),
        );
        expect(timestampOf(`${local}${minutes < 0 ? '-' : '+'}${hours}:${rest}`)).toBe(utc);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    '',
    'yesterday',
    '2026-01-31',
    '2026-01-31T09:30:00',
    '2026-01-31T09:30:00 Z',
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-01-31T25:00:00Z',
    '2026-01-31T09:60:00Z',
    '2026-01-31T09:30:60Z',
    '2026-01-31T09:30:00+99:99',
    '+002026-01-31T09:30:00Z',
    '26-01-31T09:30:00Z',
    '9999-12-31T23:59:59-01:00',
    '0000-01-01T00:00:00+01:00',
    '1769851800000',
    ' 2026-01-31T09:30:00Z',
    '2026-01-31T09:30:00Z\n',
  ])('%j is none', (given) => {
    expect(() => timestampOf(given)).toThrow(FFValidationError);
    expect(() => timestampOf(given)).toThrow('timestamp: must be ISO 8601');
  });

  it.each([1769851800000, null, new Date(0), {}])(
    '%j is none, because it is no string',
    (given) => {
      expect(() => timestampOf(given)).toThrow('timestamp: must be an ISO 8601 string');
    },
  );
});
