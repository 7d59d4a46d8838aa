/**
 * What makes histories hostile: lines that are damaged, unusual but valid, or poisoned, mixed into
 * ordinary ones. Seeded like those: the same options give the same bytes.
 */
import { createRandom, entryAt, lineAt } from './history-lines.mjs';

/** Line `index` in bytes with whatever ends it, most of them ordinary, one in six not. */
export function hostileBytesAt(index, options = {}) {
  const random = createRandom((options.seed ?? 1) ^ 0x2545f491, index);
  const kinds = Object.values(hostileKinds);
  const bytes =
    random.below(6) === 0
      ? kinds[random.below(kinds.length)](index, options, random)
      : ending(lineAt(index, options));
  return index === 0 ? Buffer.concat([Buffer.from('\ufeff'), bytes]) : bytes;
}

/**
 * The kinds by name, each `(index, options, random) => Buffer`. Where the comment does not say that the
 * entry counts, it does not.
 */
export const hostileKinds = {
  // Valid, and counted.
  crlf: (index, options) => ending(lineAt(index, options), '\r\n'),
  bom: (index, options) => ending(`\ufeff${lineAt(index, options)}`),
  indented: (index, options) => ending(`  \t${lineAt(index, options)} \u00a0`),
  spaced: (index, options) =>
    ending(JSON.stringify(entryAt(index, options), null, 1).replaceAll('\n', ' ')),
  reordered: (index, options) =>
    ending(JSON.stringify(Object.fromEntries(Object.entries(entryAt(index, options)).reverse()))),
  unknownKey: (index, options) =>
    changed(index, options, (entry) => ({ later: { deep: [1, { a: null }] }, ...entry, end: [] })),
  separators: (index, options) =>
    changed(index, options, (entry) => ({ ...entry, note: '\u2028\u2029\u0085' })),
  escapedId: (index, options) =>
    ending(
      lineAt(index, options).replace(
        /"run_id":"(.)/,
        (_, first) => `"run_id":"\\u00${first.charCodeAt(0).toString(16)}`,
      ),
    ),
  oddId: (index, options, random) =>
    changed(index, options, (entry) => ({
      ...entry,
      run_id: `${random.pick([' ', '\u0000', '😀', '\ud800', '"\\', '__proto__'])}${random.below(50)}`,
    })),
  poisonTools: (index, options) =>
    changed(index, options, (entry) => ({
      ...entry,
      tfgrpo_epoch: 3,
      tool_stats: [null, 7, [], {}, { tool: '' }, { tool: '  ' }, { tool: 'shell', tokens: '9' }],
      stages: [null, { id: 4 }, { id: 'build', duration_seconds: 'x', attempts: -1 }],
    })),
  textNumbers: (index, options) =>
    changed(index, options, (entry) => ({
      ...entry,
      duration_seconds: '12',
      tfgrpo_epoch: '3',
      token_total: '1e3',
      attempt: '2',
      learning_alerts: true,
    })),
  exponents: (index, options) =>
    ending(
      lineAt(index, options).replace(/"duration_seconds":[^,]+/, '"duration_seconds":1.25E+1'),
    ),
  hugeNumbers: (index, options) =>
    ending(lineAt(index, options).replace(/"token_total":\d+/, '"token_total":1e400')),
  manyDigits: (index, options) =>
    ending(
      lineAt(index, options).replace(/"cost_usd":[\d.]+/, '"cost_usd":0.12345678901234567890123'),
    ),
  prototypeKey: (index, options) =>
    ending(
      lineAt(index, options).replace('{', '{"__proto__":{"status":"succeeded","run_id":"x"},'),
    ),
  duplicateKeys: (index, options) =>
    ending(`${lineAt(index, options).slice(0, -1)},"status":"failed","duration_seconds":4}`),
  laterAttempt: (index, options, random) =>
    changed(Math.max(0, index - 1 - random.below(9)), options, (entry) => ({
      ...entry,
      status: 'succeeded',
      attempt: 2 + random.below(3),
    })),
  oddAttempt: (index, options, random) =>
    changed(index, options, (entry) => ({
      ...entry,
      attempt: random.pick([0, -1, 1.5, 2 ** 53, null, '3', [2]]),
    })),
  exactRepeat: (index, options, random) =>
    ending(lineAt(Math.max(0, index - 1 - random.below(30)), options)),
  invalidUtf8: (index, options) => {
    const bytes = ending(lineAt(index, options));
    bytes[bytes.indexOf('multi-instance') + 1] = 0xff;
    return bytes;
  },
  nothingBesides: (index, options) => {
    const { run_id, status, recorded_at } = entryAt(index, options);
    return ending(JSON.stringify({ run_id, status, recorded_at }));
  },
  deep: (index, options, random) => {
    const depth = random.below(40) === 0 ? 10_000 : 60;
    return ending(
      `${lineAt(index, options).slice(0, -1)},"deep":${'['.repeat(depth)}${']'.repeat(depth)}}`,
    );
  },
  // Neither counted nor damaged.
  blank: (index, options, random) => ending(random.pick(['', ' ', '\r', '\t \u00a0', '\ufeff'])),
  // Damaged.
  glued: (index, options) => ending(`${lineAt(index, options)}${lineAt(index + 1, options)}`),
  torn: (index, options, random) => {
    const line = lineAt(index, options);
    return ending(line.slice(0, 1 + random.below(line.length - 1)));
  },
  tornAndGlued: (index, options, random) => {
    const line = lineAt(index, options);
    return ending(line.slice(0, 1 + random.below(line.length - 1)) + lineAt(index + 1, options));
  },
  byteDamaged: (index, options, random) => {
    const bytes = ending(lineAt(index, options));
    bytes[random.below(bytes.length - 1)] = random.below(256);
    return bytes;
  },
  nulled: (index, options, random) => ending('\0'.repeat(1 + random.below(3000))),
  garbage: (index, options, random) =>
    ending(
      random.pick(['garbage', '{', '}', '[]', 'null', '3', '"text"', '{"run_id":"x"}', '[{}]']),
    ),
  blankFields: (index, options, random) =>
    changed(index, options, (entry) => ({
      ...entry,
      [random.pick(['run_id', 'status', 'recorded_at'])]: random.pick([
        '',
        ' \t',
        null,
        5,
        {},
        ['x'],
      ]),
    })),
  keyDamaged: (index, options) => ending(lineAt(index, options).replace('"run_id"', '"run-id"')),
  deeplyBroken: () => ending('['.repeat(10_000)),
};

function changed(index, options, change) {
  return ending(JSON.stringify(change(entryAt(index, options))));
}

function ending(line, end = '\n') {
  return Buffer.from(line + end);
}
