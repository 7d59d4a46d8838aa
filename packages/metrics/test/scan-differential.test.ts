import { createSeededRandom } from '@codex-orchestrator/testing';
import type { SeededRandom } from '@codex-orchestrator/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { factsOf } from '../src/entry/facts-of.js';
import type { EntryFacts } from '../src/fold/facts.js';
import { hashText } from '../src/index/run-hash.js';
import { EntryReader } from '../src/scan/entry-reader.js';
import { damages } from './hostile-lines.js';

const LINES = 10_000;

/** Most lines are no JSON: to trace the errors that say so takes longer than to read them. */
const { stackTraceLimit } = Error;
beforeAll(() => {
  Error.stackTraceLimit = 0;
});
afterAll(() => {
  Error.stackTraceLimit = stackTraceLimit;
});

interface Reading {
  readonly facts: EntryFacts | undefined;
  readonly problem: string | undefined;
  readonly blank: boolean;
}

/** What the reader must come to. */
function reference(bytes: Buffer): Reading {
  const text = bytes.toString('utf8').trim();
  if (text === '') return { facts: undefined, problem: undefined, blank: true };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { facts: undefined, problem: 'not-json', blank: false };
  }
  const facts = factsOf(value);
  return { facts, problem: facts ? undefined : 'not-an-entry', blank: false };
}

/** The same, down to the sign of zeros, but quicker than `toEqual`; it does not look at `entry`. */
function isSame(actual: unknown, expected: unknown): boolean {
  if (Object.is(actual, expected)) return true;
  if (Array.isArray(expected)) {
    const list = actual as unknown[];
    return list.length === expected.length && expected.every((each, at) => isSame(list[at], each));
  }
  if (typeof actual !== 'object' || typeof expected !== 'object') return false;
  if (actual === null || expected === null) return false;
  return Object.keys(expected).every(
    (key) => key === 'entry' || isSame(actual[key as keyof object], expected[key as keyof object]),
  );
}

const surroundings = [
  '',
  '\n',
  '"',
  '}',
  '0}',
  'e9}',
  ',"attempt":9}',
  'null}',
  '{"run_id":"x","status":',
];

/** The line amid other bytes, which are not to be read, with or without room behind it. */
function placed(
  random: SeededRandom,
  line: Buffer,
): { buffer: Buffer; start: number; end: number } {
  const [first = '', ...rest] = surroundings;
  const front = Buffer.from(random.pick([first, ...rest]));
  const back = Buffer.from(random.pick([first, ...rest]).repeat(random.pick([1, 1, 20])));
  const room = Buffer.alloc(random.pick([0, 3, 64, 200]), random.pick(['\n', '1', '}', '"']));
  const start = front.byteLength;
  return {
    buffer: Buffer.concat([front, line, back, room]),
    start,
    end: start + line.byteLength,
  };
}

test.each(damages)('the reader agrees with JSON.parse on lines that are %s', (_name, damage) => {
  const random = createSeededRandom(20_260_114);
  const reader = new EntryReader();
  for (let count = 0; count < LINES; count += 1) {
    const made = damage(random);
    const line = typeof made === 'string' ? Buffer.from(made) : made;
    const expected = reference(line);
    const { buffer, end, start } = placed(random, line);
    const facts = reader.read(buffer, start, end);
    const { blank, problem } = reader;
    const isAlike =
      blank === expected.blank &&
      problem === expected.problem &&
      isSame(facts, expected.facts) &&
      isSameHash(reader, expected.facts) &&
      (count % 8 !== 0 || JSON.stringify(facts?.entry) === JSON.stringify(expected.facts?.entry));
    if (isAlike) continue;
    Error.stackTraceLimit = stackTraceLimit;
    const text = line.toString();
    expect({ text, facts, problem, blank }).toEqual({ text, ...expected });
    expect.unreachable(`line ${count} differs: ${text}`);
  }
});

function isSameHash(reader: EntryReader, facts: EntryFacts | undefined): boolean {
  if (facts === undefined) return true;
  const { high, low } = hashText(facts.runId);
  return reader.hashHigh === high && reader.hashLow === low;
}
