import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FFMessageDTO } from '../../../../src/shared/model/message.ts';
import { LineFilter } from '../../../../worker/search/backlog/line-filter.ts';
import { WordFilter } from '../../../../worker/search/backlog/word-filter.ts';
import type { MessageRecord } from '../../../../worker/store/message-record.ts';
import { encodeRecord } from '../../../../worker/store/record.ts';
import { anyJson, anyText } from '../../../support/arbitraries.ts';

const wanted = (text: string): boolean => text.includes('bread');

const text = fc.oneof(
  anyText,
  fc.constantFrom('bread', 'some "bread" \\', 'name', 'content', '","content":"bread', '\\"bread'),
);

const message: fc.Arbitrary<FFMessageDTO> = fc
  .record(
    {
      messageId: text,
      role: fc.constantFrom('user' as const, 'assistant' as const),
      content: text,
      timestamp: fc.constant('2026-01-01T00:00:00.000Z'),
      name: text,
      parts: anyJson,
      metadata: fc.dictionary(fc.constantFrom('content', 'name', 'type', 'bread'), anyJson),
    },
    { requiredKeys: ['messageId', 'role', 'content', 'timestamp'] },
  )
  .chain((fields) =>
    // The order of the properties is nobody's promise.
    fc
      .shuffledSubarray(Object.entries(fields), { minLength: Object.keys(fields).length })
      .map((entries) => Object.fromEntries(entries) as unknown as FFMessageDTO),
  );

const line = (more: number, record: MessageRecord) => encodeRecord(7, more, record);

describe('a line filter', () => {
  it('passes the messages with a wanted word in their text or their sender’s name, and no other ones', () => {
    fc.assert(
      fc.property(message, fc.nat(2), (value, more) => {
        const filter = new LineFilter(new WordFilter(wanted));
        const { content, name = '' } = value;
        const units = `${content}\n${name}`.split(/[\t-\r ]/);
        const isAccepted = filter.accepts(line(more, { type: 'message', at: 5, message: value }));
        expect(isAccepted).toBe(units.some(wanted));
        expect(filter.skipped).toBe(isAccepted ? 0 : 1);
      }),
      { numRuns: 1_000 },
    );
  });

  it('passes every edit and every deletion, and without words nothing else', () => {
    fc.assert(
      fc.property(message, fc.nat(2), fc.boolean(), (value, more, hasWords) => {
        const filter = new LineFilter(hasWords ? new WordFilter(() => false) : undefined);
        const { messageId } = value;
        expect(filter.accepts(line(more, { type: 'edit', at: 5, message: value }))).toBe(true);
        expect(filter.accepts(line(more, { type: 'delete', at: 5, messageId }))).toBe(true);
        expect(filter.accepts(line(more, { type: 'message', at: 5, message: value }))).toBe(false);
      }),
    );
  });

  it('ends on bytes of any kind', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 40 }),
          fc
            .array(
              fc.constantFrom(...'{ } [ ] " : , \\'.split(' '), '"type":"message"', '"content":"x'),
            )
            .map((parts) => new TextEncoder().encode(parts.join(''))),
        ),
        (bytes) => {
          new LineFilter(new WordFilter(wanted)).accepts(bytes);
        },
      ),
    );
  });

  it('knows how much more there is than it has passed', () => {
    const filter = new LineFilter(new WordFilter(wanted));
    expect(filter.share).toBe(1);
    const say = (content: string): FFMessageDTO => ({
      messageId: 'm',
      role: 'user',
      content,
      timestamp: '2026-01-01T00:00:00.000Z',
    });
    for (const content of ['bread', 'water', 'steel', 'stone']) {
      filter.accepts(line(0, { type: 'message', at: 5, message: say(content) }));
    }
    expect(filter.skipped).toBe(3);
    expect(filter.share).toBe(4);
  });
});
