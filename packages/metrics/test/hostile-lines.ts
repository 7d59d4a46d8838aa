import { createSeededRandom } from '@codex-orchestrator/testing';
import type { SeededRandom } from '@codex-orchestrator/testing';

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
type Entry = Record<string, Json>;

const texts = [
  'succeeded',
  'failed',
  'build',
  'cli:command',
  '',
  ' ',
  'a',
  'ab',
  'abc',
  'größe',
  '工具',
  '🙂 ok',
  '\u00a0',
  '\u2028',
  '\ufeff',
  'a"b\\c/d\n\t\u0001',
  '\ud800',
  '__proto__',
  'x'.repeat(55),
  'x'.repeat(70),
  '}',
  '","run_id":"',
] as const;

const numbers = [
  0,
  -0,
  1,
  -1,
  2,
  7,
  10,
  99,
  123_456_789,
  1_234_567_890,
  4_294_967_296,
  0.1,
  0.5,
  1.25,
  70.193,
  -3.75,
  0.000001,
  1e-7,
  1.5e300,
  1e21,
  123_456.789_012,
  8123.456_700_000_001,
  9_007_199_254_740_991,
  0.1 + 0.2,
  5e-324,
  1.797_693_134_862_315_7e308,
] as const;

/** Numbers as no `JSON.stringify` writes them, but as JSON allows or forbids them. */
const spelledNumbers = [
  '1e3',
  '1E+3',
  '1e-3',
  '-0',
  '-0.0',
  '0e5',
  '1e999',
  '-1e999',
  '0.10',
  '1.0',
  '100000000000000000000',
  '0.30000000000000004',
  '123456789012345678',
  '9007199254740993',
  '1234567890.123456789',
  '12345678.9',
  '123456789.5',
  '1e0000001',
  '01',
  '-',
  '+1',
  '.5',
  '5.',
  '1.e3',
  '1e',
  '1e+',
  '--1',
  '0x10',
  'NaN',
  'Infinity',
  '1_000',
  '00',
  '-01',
  '0.',
  '1..2',
  '1.2.3',
  '1e3.5',
] as const;

const values = [
  'null',
  'true',
  'false',
  '[]',
  '{}',
  '""',
  '"text"',
  '[null]',
  '[1,"a",{}]',
  '{"a":{"b":[1,2]}}',
  '"1"',
  '"\\u0041"',
  'nul',
  'tru',
  'fals',
  'nulll',
  '[1,]',
  '{"a":}',
  '{"a"}',
  '{,}',
  '[',
  '{',
  '"',
  "'a'",
  '',
  'undefined',
  '[1 2]',
  '{"a":1,}',
  '"\\x"',
  '"\\u12"',
  '"\\u12g4"',
  '"\u0001"',
  '[[[]]]',
  '{"id":"a"}',
] as const;

/** An entry with some of its members, or all, or some that nobody knows. */
function randomEntry(random: SeededRandom): Entry {
  const chance = (share: number): boolean => random.next() < share;
  const number = (): number => random.pick(numbers);
  const word = (): string =>
    chance(0.8) ? random.pick(['succeeded', 'failed', 'build']) : random.pick(texts);
  const some = (make: () => Json): Json[] => Array.from({ length: random.pick([0, 1, 2]) }, make);
  const pairs: [string, Json][] = [
    [
      'run_id',
      chance(0.95) ? `2026-01-14T10-22-03-117Z-${random.integer(0, 1e6)}` : random.pick(texts),
    ],
    ['attempt', chance(0.8) ? random.integer(1, 3) : number()],
    ['task_id', '0941-metrics'],
    ['pipeline_id', word()],
    ['status', word()],
    ['duration_seconds', chance(0.9) ? number() : null],
    [
      'stages',
      some(() => ({ id: word(), status: word(), duration_seconds: number(), attempts: number() })),
    ],
    ['recorded_at', chance(0.95) ? '2026-01-14T10:23:13.342Z' : random.pick(texts)],
    ['guardrails_present', chance(0.5)],
    ['control_plane_status', word()],
    ['instance_stats', some(() => ({ instance_id: word(), attempts: 1, later: word() }))],
    ['privacy_events', some(() => ({ handle_id: word(), sequence: number(), rule: null }))],
    ['memory', { counters: { reads: number() }, notes: [word(), [number()]] }],
    ['tfgrpo_epoch', chance(0.6) ? number() : null],
    ['tfgrpo_group_size', number()],
    ['tool_calls', number()],
    ['token_total', number()],
    ['cost_usd', number()],
    ['latency_ms', number()],
    [
      'tool_stats',
      some(() => ({ tool: word(), tokens: number(), cost_usd: number(), latency_ms: number() })),
    ],
    ['learning_validation_status', chance(0.5) ? 'validated' : null],
    ['learning_snapshot_status', chance(0.5) ? word() : null],
    ['learning_alerts', number()],
    ['learning_review_latency_ms', chance(0.5) ? number() : null],
    ['machine', { id: word(), cpus: 2, os: 'linux', node: word() }],
    ['tool_version', '0.1.0'],
    ['commit', chance(0.5) ? word() : null],
    ['tags', chance(0.5) ? [word(), word()] : []],
    ['journal_lines', number()],
    ['fsyncs', number()],
  ];
  return Object.fromEntries(pairs.filter(([key]) => isNeeded(key) || chance(0.6)));
}

function isNeeded(key: string): boolean {
  return key === 'run_id' || key === 'status' || key === 'recorded_at';
}

type Damage = (random: SeededRandom) => string | Buffer;

/** Entries to do damage to: making one takes longer than reading it. */
function pool<T>(seed: number, make: (random: SeededRandom) => T): (random: SeededRandom) => T {
  const random = createSeededRandom(seed);
  const made = Array.from({ length: 500 }, () => make(random)) as [T, ...T[]];
  return (chooser) => chooser.pick(made);
}

const entryPairs = pool(1, (random) => Object.entries(randomEntry(random)));
const line = pool(2, (random) => JSON.stringify(randomEntry(random)));
const otherPlace = 'place of another value';
const lineWithPlace = pool(3, withPlace);

/** A line in which one value, somewhere, is another text. */
function withValue(random: SeededRandom, replacement: string): string {
  return lineWithPlace(random).replace(`"${otherPlace}"`, () => replacement);
}

function withPlace(random: SeededRandom): string {
  const entry = randomEntry(random);
  const put = (holder: Json): void => {
    if (typeof holder !== 'object' || holder === null) return;
    const inner = holder as Record<string, Json>;
    const keys = Object.keys(inner);
    const key = keys[random.integer(0, keys.length - 1)] ?? '0';
    const value = inner[key];
    if (typeof value === 'object' && value !== null && random.next() < 0.6) put(value);
    else inner[key] = otherPlace;
  };
  put(entry);
  return JSON.stringify(entry);
}

function shuffled<T>(random: SeededRandom, items: readonly T[]): T[] {
  const rest = [...items];
  return items.flatMap(() => rest.splice(random.integer(0, rest.length - 1), 1));
}

/** Puts a text between the parts of a line at random, also into strings. */
function sprinkled(
  random: SeededRandom,
  text: string,
  what: readonly [string, ...string[]],
): string {
  return text.replace(/[{}[\],:]/g, (part) => {
    const front = random.next() < 0.05 ? random.pick(what) : '';
    return `${front}${part}${random.next() < 0.05 ? random.pick(what) : ''}`;
  });
}

/** Takes one character somewhere and writes it in another way. */
function respelled(random: SeededRandom, text: string): string {
  const at = random.integer(0, text.length - 1);
  const code = text.charCodeAt(at).toString(16).padStart(4, '0');
  const spelling = random.pick([
    `\\u${code}`,
    `\\u${code.toUpperCase()}`,
    '\\u00',
    '\\',
    '\\"',
    '\\/',
    '\\n',
  ]);
  return text.slice(0, at) + spelling + text.slice(at + 1);
}

function withBytes(random: SeededRandom, text: string, choose: () => number): Buffer {
  const bytes = Buffer.from(text);
  for (let count = random.integer(1, 3); count > 0; count -= 1) {
    bytes[random.integer(0, bytes.byteLength - 1)] = choose();
  }
  return bytes;
}

/** What befalls lines, by name. */
export const damages: readonly (readonly [name: string, damage: Damage])[] = [
  ['sound', line],
  [
    'truncated',
    (random) => {
      const text = line(random);
      return text.slice(0, random.integer(0, text.length));
    },
  ],
  ['cut at the end', (random) => line(random).slice(0, -random.integer(1, 80))],
  [
    'glued',
    (random) => {
      const first = line(random);
      return first.slice(0, random.integer(0, first.length)) + line(random);
    },
  ],
  [
    'duplicate-key',
    (random) => {
      const pairs = [
        ...Object.entries(randomEntry(random)),
        ...Object.entries(randomEntry(random)),
      ];
      const chosen = shuffled(random, pairs).slice(0, random.integer(3, pairs.length));
      return `{${chosen.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join()}}`;
    },
  ],
  [
    'spaced',
    (random) => sprinkled(random, line(random), [' ', '\t', '\r', '  ', '\n', '\v', '\u00a0']),
  ],
  [
    'indented',
    (random) =>
      JSON.stringify(JSON.parse(line(random)), null, random.pick(['', ' '])).replaceAll('\n', ' '),
  ],
  [
    're-ordered',
    (random) => JSON.stringify(Object.fromEntries(shuffled(random, entryPairs(random)))),
  ],
  ['byte-damaged', (random) => withBytes(random, line(random), () => random.integer(0, 255))],
  [
    'damaged in its structure',
    (random) =>
      withBytes(random, line(random), () =>
        random.pick([...Buffer.from('"\\{}[],:-0.e')] as [number]),
      ),
  ],
  [
    'sprinkled with parts',
    (random) => sprinkled(random, line(random), [',', '"', '}', '{', ']', '[', ':', '0']),
  ],
  ['escaped', (random) => respelled(random, line(random))],
  [
    'invalid UTF-8',
    (random) =>
      withBytes(random, line(random), () =>
        random.pick([0x80, 0xbf, 0xc0, 0xc3, 0xe2, 0xed, 0xf0, 0xff]),
      ),
  ],
  ['another value', (random) => withValue(random, random.pick(values))],
  ['a number spelled otherwise', (random) => withValue(random, random.pick(spelledNumbers))],
  [
    'a random number',
    (random) => withValue(random, String((random.next() - 0.3) * 10 ** random.integer(-12, 25))),
  ],
  ['a number in quotes', (random) => withValue(random, `"${random.pick(numbers)}"`)],
  ['nested', (random) => withValue(random, nested(random, random.integer(1, 90)))],
  [
    '__proto__',
    (random) =>
      line(random).replaceAll(/"(run_id|status|attempt|tool|id|memory)":/g, (key) =>
        random.next() < 0.2 ? '"__proto__":' : key,
      ),
  ],
  [
    'with something around it',
    (random) => {
      const around = [
        '',
        ' ',
        '\t',
        '\r',
        '\ufeff',
        '\u00a0',
        '\v',
        '\u2028',
        '\0',
        ',',
        'x',
      ] as const;
      return (
        random.pick(around) +
        random.pick(around) +
        line(random) +
        random.pick(around) +
        random.pick(around)
      );
    },
  ],
  ['no object', (random) => random.pick(around(random, random.pick(values)))],
];

function around(random: SeededRandom, value: string): [string, ...string[]] {
  return [value, ` ${value} `, `[${line(random)}]`, `"${line(random)}"`, ' \t\r', '\ufeff', ''];
}

/** As many brackets and braces around nothing, or one too many or too few. */
function nested(random: SeededRandom, depth: number): string {
  const opened = Array.from({ length: depth }, () =>
    random.pick(['[', '{"a":', '[1,', '{"b":[],"c":']),
  );
  const closed = opened.map((open) => (open.startsWith('[') ? ']' : '}')).reverse();
  if (random.next() < 0.2) closed.pop();
  return `${opened.join('')}0${closed.join('')}`;
}
