import { expect, it } from 'vitest';
import { codeToLength, lengthToCode } from '../../../../worker/search/segments/document-length.ts';

it('keeps short lengths, rounds long ones and never again', () => {
  for (let length = 0; length < 1_000_000; length += 1 + (length >>> 6)) {
    const rounded = codeToLength(lengthToCode(length));
    expect(Math.abs(rounded - length)).toBeLessThanOrEqual(length < 128 ? 0 : length * 0.05 + 0.5);
  }
  for (let code = 0; code < 256; code++) expect(lengthToCode(codeToLength(code))).toBe(code);
  expect(lengthToCode(Number.MAX_SAFE_INTEGER)).toBe(255);
});
