import fc from 'fast-check';

/** Any string of UTF-16 units, ill-formed ones too. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.constantFrom(0xd83d, 0xdc4b, 0x2028, 0x0a)),
    )
    .map((units) => String.fromCharCode(...units)),
);

/** Keys that mean something to JavaScript objects, and any others. */
const anyKey = fc.oneof(
  anyText,
  fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', '0', ''),
);

/** Any value that JSON can hold, own properties named `__proto__` included. */
export const anyJson: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown; object: object }>(
  (tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom(null, true, false, 0, 1.5e300, -7),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
      anyText,
      fc.array(tie('value'), { maxLength: 4 }),
      tie('object'),
    ),
    object: fc
      .array(fc.tuple(anyKey, tie('value')), { maxLength: 4 })
      // Defines properties, where an assignment would set the prototype.
      .map((entries) => Object.fromEntries(entries)),
  }),
).value;
