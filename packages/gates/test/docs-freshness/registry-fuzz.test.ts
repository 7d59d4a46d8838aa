import { createSeededRandom } from '@codex-orchestrator/testing';
import type { SeededRandom } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { addEntries } from '../../src/docs-freshness/add-entries.js';
import { judgeRegistry } from '../../src/docs-freshness/judge-registry.js';
import { locateEntries } from '../../src/docs-freshness/locate-entries.js';
import { parseRegistry } from '../../src/docs-freshness/parse-registry.js';
import { GateError } from '../../src/errors.js';

const seeds = Array.from({ length: 400 }, (_, index) => index + 1);

test('whatever stands in a registry, only entries that are right pass', () => {
  let passed = 0;
  for (const seed of seeds.slice(0, 150)) {
    const random = createSeededRandom(seed);
    const entries = Array.from({ length: random.integer(0, 2) }, () => anyEntry(random));
    const text = JSON.stringify({ version: 1, entries }, null, random.pick(['', ' ', '\t']));
    const registry = parseRegistry(text, 'registry.json');
    const { findings } = judgeRegistry({
      registry,
      registryPath: 'registry.json',
      documents: ['docs/a.md'],
      isThere: (path) => path.startsWith('docs/'),
      today: 20_500,
    });
    expect(findings.length === 0, `seed ${seed}`).toBe(isRight(entries));
    if (findings.length === 0) passed += 1;
    expect(registry.lines(), `seed ${seed}`).toHaveLength(entries.length);
  }
  expect(passed).toBeGreaterThan(10);
});

test('entries are found in every way to write them, and more are added to all of them', () => {
  for (const seed of seeds) {
    const random = createSeededRandom(seed);
    const entries = Array.from({ length: random.integer(0, 5) }, () => anyValue(random, 3));
    const noise = {
      a: anyValue(random, 3),
      version: 1,
      'ent"ries': [1],
      entries,
      z: anyValue(random, 2),
    };
    const text = JSON.stringify(noise, null, random.pick(['', '  ', '\t']));
    const { elements } = locateEntries(text);
    const found = elements.map(({ start, end }) => JSON.parse(text.slice(start, end)) as unknown);
    expect(found, `seed ${seed}`).toEqual(entries);
    const added = addEntries(
      text,
      entries.map(() => null),
      [newEntry('docs/"b".md')],
    );
    expect(JSON.parse(added), `seed ${seed}`).toEqual({
      ...noise,
      entries: [...entries, newEntry('docs/"b".md')],
    });
  }
});

test('a registry with bytes changed is refused or judged, and never a crash', () => {
  const whole = JSON.stringify({ version: 1, entries: [newEntry('docs/a.md')] });
  for (const seed of seeds) {
    const random = createSeededRandom(seed);
    const at = random.integer(0, whole.length - 1);
    const text =
      whole.slice(0, at) + random.pick(['', '{', ']', '"', '\\', '1', '\n']) + whole.slice(at + 1);
    try {
      const { entries, lines } = parseRegistry(text, 'registry.json');
      expect(lines(), `seed ${seed}`).toHaveLength(entries.length);
    } catch (error) {
      expect(error, `seed ${seed}`).toBeInstanceOf(GateError);
    }
  }
});

function newEntry(path: string) {
  const members = { owner: 'Docs', status: 'active', last_review: '2026-01-01' } as const;
  return { path, ...members, cadence_days: 90 };
}

/** The oracle: said once more, in other words than the schema. */
function isRight(entries: readonly unknown[]): boolean {
  const paths = entries.map((entry) => (entry as { path?: unknown } | null)?.path);
  return paths.includes('docs/a.md') && paths.length === 1 && entries.every(isRightEntry);
}

function isRightEntry(entry: unknown): boolean {
  const { owner, status, last_review, cadence_days } = entry as Record<string, unknown>;
  const isArchived = status === 'archived';
  return (
    (isArchived || owner === 'Docs') &&
    (isArchived || status === 'active' || status === 'deprecated') &&
    (last_review === '2026-01-01' || (isArchived && last_review === '2001-01-01')) &&
    cadence_days === 90
  );
}

function anyEntry(random: SeededRandom): unknown {
  if (random.integer(0, 20) === 0) return anyValue(random, 1);
  const members = {
    path: mostly(random, 'docs/a.md', ['../a.md', '/a', '', 'c:/a.md', 'x/a.md', '.', 7]),
    owner: mostly(random, 'Docs', ['', ' tbd', 'Unassigned', 'OWNER', null]),
    status: mostly(random, random.pick(['active', 'archived', 'deprecated']), [
      'new',
      1,
      'toString',
    ]),
    last_review: mostly(random, '2026-01-01', [
      '2001-01-01',
      '2026-02-30',
      'today',
      20260101,
      null,
    ]),
    cadence_days: mostly(random, 90, [0, -1, 1.5, '90', null, 1e300]),
    __proto__: random.pick([null, {}]),
  };
  return random.integer(0, 15) === 0 ? { ...members, path: undefined } : members;
}

function mostly(random: SeededRandom, usual: unknown, others: [unknown, ...unknown[]]): unknown {
  return random.integer(0, 9) < 9 ? usual : random.pick(others);
}

function anyValue(random: SeededRandom, depth: number): unknown {
  const kind = random.integer(0, depth > 0 ? 5 : 3);
  if (kind === 0) return random.pick([null, true, false, -1.5e-7, 12]);
  if (kind < 4) return random.pick(['', '}', ']"', '\\', '{"entries":[', '\u2028', 'é', '\n,']);
  const size = random.integer(0, 3);
  if (kind === 4) return Array.from({ length: size }, () => anyValue(random, depth - 1));
  const members = Array.from({ length: size }, () => [
    String(anyValue(random, 0)),
    anyValue(random, depth - 1),
  ]);
  return Object.fromEntries(members) as unknown;
}
