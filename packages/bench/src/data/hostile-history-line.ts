import { historyEntry, historyLine } from './history-line.js';
import type { HistoryEntry, HistoryLineOptions } from './history-line.js';
import { createDraws } from './seeded-draws.js';
import type { SeededDraws } from './seeded-draws.js';

/**
 * Line `index` of a history in bytes with whatever ends it. Five of six are as `historyLine` makes them;
 * the sixth is damaged, unusual but valid, or poisoned. The same options give the same bytes.
 */
export function hostileHistoryLine(index: number, options: HistoryLineOptions = {}): Buffer {
  const random = createDraws((options.seed ?? 1) ^ 0x2545f491, index);
  const bytes =
    random.below(6) === 0
      ? random.pick(kinds)(index, options, random)
      : ending(historyLine(index, options));
  return index === 0 ? Buffer.concat([Buffer.from('\ufeff'), bytes]) : bytes;
}

type Hostile = (index: number, options: HistoryLineOptions, random: SeededDraws) => Buffer;

/** The order is part of what a seed comes to. */
const hostileKinds: Readonly<Record<string, Hostile>> = {
  // Valid, and counted.
  crlf: (index, options) => ending(historyLine(index, options), '\r\n'),
  bom: (index, options) => ending(`\ufeff${historyLine(index, options)}`),
  indented: (index, options) => ending(`  \t${historyLine(index, options)} \u00a0`),
  spaced: (index, options) =>
    ending(JSON.stringify(historyEntry(index, options), null, 1).replaceAll('\n', ' ')),
  reordered: (index, options) =>
    ending(
      JSON.stringify(Object.fromEntries(Object.entries(historyEntry(index, options)).reverse())),
    ),
  unknownKey: (index, options) =>
    changed(index, options, (entry) => ({ later: { deep: [1, { a: null }] }, ...entry, end: [] })),
  separators: (index, options) =>
    changed(index, options, (entry) => ({ ...entry, note: '\u2028\u2029\u0085' })),
  escapedId: (index, options) =>
    ending(
      historyLine(index, options).replace(
        /"run_id":"(.)/,
        (_, first: string) => `"run_id":"\\u00${first.charCodeAt(0).toString(16)}`,
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
      historyLine(index, options).replace(/"duration_seconds":[^,]+/, '"duration_seconds":1.25E+1'),
    ),
  hugeNumbers: (index, options) =>
    ending(historyLine(index, options).replace(/"token_total":\d+/, '"token_total":1e400')),
  manyDigits: (index, options) =>
    ending(
      historyLine(index, options).replace(
        /"cost_usd":[\d.]+/,
        '"cost_usd":0.12345678901234567890123',
      ),
    ),
  prototypeKey: (index, options) =>
    ending(
      historyLine(index, options).replace('{', '{"__proto__":{"status":"succeeded","run_id":"x"},'),
    ),
  duplicateKeys: (index, options) =>
    ending(`${historyLine(index, options).slice(0, -1)},"status":"failed","duration_seconds":4}`),
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
    ending(historyLine(Math.max(0, index - 1 - random.below(30)), options)),
  invalidUtf8: (index, options) => {
    const bytes = ending(historyLine(index, options));
    bytes[bytes.indexOf('multi-instance') + 1] = 0xff;
    return bytes;
  },
  nothingBesides: (index, options) => {
    const entry = historyEntry(index, options);
    const { run_id: runId, status, recorded_at: recordedAt } = entry;
    return ending(JSON.stringify({ run_id: runId, status, recorded_at: recordedAt }));
  },
  deep: (index, options, random) => {
    const depth = random.below(40) === 0 ? 10_000 : 60;
    return ending(
      `${historyLine(index, options).slice(0, -1)},"deep":${'['.repeat(depth)}${']'.repeat(depth)}}`,
    );
  },
  // Neither counted nor damaged.
  blank: (_index, _options, random) => ending(random.pick(['', ' ', '\r', '\t \u00a0', '\ufeff'])),
  // Damaged.
  glued: (index, options) =>
    ending(`${historyLine(index, options)}${historyLine(index + 1, options)}`),
  torn: (index, options, random) => {
    const line = historyLine(index, options);
    return ending(line.slice(0, 1 + random.below(line.length - 1)));
  },
  tornAndGlued: (index, options, random) => {
    const line = historyLine(index, options);
    return ending(
      line.slice(0, 1 + random.below(line.length - 1)) + historyLine(index + 1, options),
    );
  },
  byteDamaged: (index, options, random) => {
    const bytes = ending(historyLine(index, options));
    bytes[random.below(bytes.length - 1)] = random.below(256);
    return bytes;
  },
  nulled: (_index, _options, random) => ending('\0'.repeat(1 + random.below(3000))),
  garbage: (_index, _options, random) =>
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
  keyDamaged: (index, options) =>
    ending(historyLine(index, options).replace('"run_id"', '"run-id"')),
  deeplyBroken: () => ending('['.repeat(10_000)),
};
const kinds = Object.values(hostileKinds);

function changed(
  index: number,
  options: HistoryLineOptions,
  change: (entry: HistoryEntry) => object,
): Buffer {
  return ending(JSON.stringify(change(historyEntry(index, options))));
}

function ending(line: string, end = '\n'): Buffer {
  return Buffer.from(line + end);
}
