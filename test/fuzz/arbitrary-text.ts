import fc from 'fast-check';

/** Texts that programs stumble over. */
const odd = [
  ...['', ' ', '0', '-1', 'null', 'undefined', 'NaN', 'true', '__proto__', 'constructor', 'toString'],
  ...[
    '\0',
    'a\0b',
    '\ud800',
    '\udfff\ud800',
    '\u202egnp.exe',
    '\ufeff',
    'e\u0301',
    '👩‍👩‍👧‍👦',
    '\r\n',
    '%00',
    '%',
    '%zz',
  ],
  ...["' OR 1=1 --", '"; DROP TABLE jobs; --', '$(id)', '${jndi:ldap://x}', '../../etc/passwd', '<script>'],
  ...['9'.repeat(400), '1e999', '-0', '00000000-0000-4000-8000-000000000000', '2026-01-01T00:00:00.000Z'],
];
const mebibyte = 1_048_576;

/** Text of any kind: odd, in any script, malformed, and now and then as long as a request may be. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...odd) },
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 300 }) },
  { weight: 2, arbitrary: fc.string({ maxLength: 300 }) },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 })
      .map((units) => String.fromCharCode(...units)),
  },
);

/** A text of some 1 MB. */
export const hugeText: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom('x', '\u00e9', '\\', '"', '😀', '\0'),
    fc.integer({ min: mebibyte - 2_000, max: mebibyte + 200 }),
  )
  .map(([unit, bytes]) =>
    unit.repeat(Math.ceil(bytes / Buffer.byteLength(JSON.stringify(unit).slice(1, -1)))),
  );
