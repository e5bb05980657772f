import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFree, type LeaseRecord } from '../../../worker/tabs/lease.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const HOUR_MS = 3_600_000;

function leaseUntil(expiresAt: number): LeaseRecord {
  return { owner: 'somebody', epoch: 3, expiresAt };
}

describe('a lease', () => {
  it('is free when nobody has ever had it', () => {
    expect(isFree(undefined, NOW)).toBe(true);
  });

  it('is free when it was let go of, whatever the clock says', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 48), (now) => {
        expect(isFree({ owner: '', epoch: 3, expiresAt: 0 }, now)).toBe(true);
      }),
    );
  });

  it('is not free from when it was renewed until 5 s later', () => {
    fc.assert(
      fc.property(fc.nat(4_999), (elapsedMs) => {
        expect(isFree(leaseUntil(NOW + 5_000), NOW + elapsedMs)).toBe(false);
      }),
    );
    expect(isFree(leaseUntil(NOW + 5_000), NOW + 5_000)).toBe(true);
  });

  it('is not free for a thread whose clock is a second behind', () => {
    expect(isFree(leaseUntil(NOW + 5_000), NOW - 1_000)).toBe(false);
  });

  it('does not stay with a dead owner for the hour by which the clock was set back', () => {
    expect(isFree(leaseUntil(NOW + HOUR_MS), NOW)).toBe(true);
  });
});
