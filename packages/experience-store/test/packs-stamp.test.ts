import { createSeededRandom } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { editStamp } from '../src/packs/edit-stamp.js';
import { inStampOrder, stampOf } from '../src/packs/pack-stamp.js';
import type { PackSection } from '../src/packs/prompt-pack.js';
import { settingsLine } from '../src/packs/stamped-settings.js';
import { digest } from './packs-rig.js';

const path = '.agent/prompts/pack-00.md';
const content = '# Pack 0\nBe brief.';

function source(section: PackSection, at: string, text: string) {
  return { section, path: at, content: text };
}

test('a stamp is the digest of sections, paths and contents', () => {
  const sources = [
    source('optimize', 'a.md', 'five'),
    source('inject', 'b.md', 'three'),
    source('inject', 'B.md', 'two'),
    source('system', 'z.md', 'one'),
    source('inject', 'b.md', 'three'),
  ];
  const text =
    'system:z.md\none\ninject:B.md\ntwo\ninject:b.md\nthree\ninject:b.md\nthree\noptimize:a.md\nfive\n';

  expect(stampOf(sources)).toBe(digest(text));
  expect(inStampOrder(sources).map(({ path: at }) => at)).toEqual([
    'z.md',
    'B.md',
    'b.md',
    'b.md',
    'a.md',
  ]);
});

test('the worked example of a stamp of sources', () => {
  const sources = [source('inject', path, content), source('system', path, content)];

  expect(stampOf(sources)).toBe('1f3f240050ee00e00fe3215291f6ab564b72255f9e4658870c4c3c3e3f09c29c');
});

test('a stamp that covers settings is the one that other programs write', () => {
  const sources = [source('system', path, content), source('inject', path, content)];

  const line = settingsLine(3, undefined);

  expect(line).toBe(
    '{"experienceSlots":3,"retrievalPolicy":{"kind":"competitive_scoring_v1","minScore":null,' +
      '"scoreWeights":{"gtScore":1,"relativeRank":1},"antiDominanceNormalization":' +
      '{"enabled":true,"strength":0.5,"sourceGrouping":"provenance_fallback_v1"}}}\n',
  );
  expect(stampOf(sources, line)).toBe(
    'b077fb39efc649c6b3b49b1ef09a0acc47ea2cf2609c5931b654fc00018dd8ec',
  );
});

test('the line of settings takes over what the manifest says', () => {
  const policy = {
    kind: ' ',
    minScore: 0.1,
    scoreWeights: { gtScore: 2, relativeRank: 0 },
    antiDominanceNormalization: { enabled: false, strength: 3, sourceGrouping: null },
    more: 1,
  };

  expect(settingsLine(0, policy)).toBe(
    '{"experienceSlots":0,"retrievalPolicy":{"kind":"competitive_scoring_v1","minScore":0.1,' +
      '"scoreWeights":{"gtScore":2,"relativeRank":0},"antiDominanceNormalization":' +
      '{"enabled":false,"strength":3,"sourceGrouping":"provenance_fallback_v1"}}}\n',
  );
});

test.each([
  ['kind', { kind: 'best_v9' }],
  ['kind that is no text', { kind: 1 }],
  ['minScore', { minScore: -1 }],
  ['minScore that is no number', { minScore: '1' }],
  ['weight', { scoreWeights: { gtScore: null } }],
  ['weights', { scoreWeights: [] }],
  ['switch', { antiDominanceNormalization: { enabled: 'yes' } }],
  ['grouping', { antiDominanceNormalization: { sourceGrouping: 'run' } }],
  ['policy', 'competitive'],
])('there is no line of settings with an unknown %s', (_name, policy) => {
  expect(settingsLine(1, policy)).toBeUndefined();
});

const stamp = 'ab'.repeat(32);

test.each([
  ['{"id":"x","stamp":"old"}', `{"id":"x","stamp":"${stamp}"}`],
  ['{"stamp" :  12,"id":"x"}\n', `{"stamp" :  "${stamp}","id":"x"}\n`],
  ['{"stamp":null}', `{"stamp":"${stamp}"}`],
  ['{ "stamp":true }', `{ "stamp":"${stamp}" }`],
  ['{"stamp":{"a":"}"},"b":1}', `{"stamp":"${stamp}","b":1}`],
  ['{"stamp":["]\\"",[1]]\n}', `{"stamp":"${stamp}"\n}`],
  ['{"a":1,"st\\u0061mp":"x"}', `{"a":1,"st\\u0061mp":"${stamp}"}`],
  ['{"stamp":1,"stamp":2}', `{"stamp":1,"stamp":"${stamp}"}`],
  ['{"in":{"stamp":1},"id":"stamp"}', `{"in":{"stamp":1},"id":"stamp","stamp":"${stamp}"}`],
  ['{"id": "x"}', `{"id": "x","stamp": "${stamp}"}`],
  [
    '\uFEFF{\r\n\t"id": "x",\r\n\t"l": [1, 2]\r\n}\r\n',
    `\uFEFF{\r\n\t"id": "x",\r\n\t"l": [1, 2],\r\n\t"stamp": "${stamp}"\r\n}\r\n`,
  ],
])('only the stamp of %j changes', (before, after) => {
  expect(editStamp(before, stamp)).toBe(after);
});

/** Any JSON value, nested a little, with names and texts that are hard to scan. */
function randomValue(random: ReturnType<typeof createSeededRandom>, depth: number): unknown {
  const texts = [
    '',
    'stamp',
    '}',
    ']',
    '"',
    '\\',
    '\\"',
    ',',
    '\n',
    'ü\u2028',
    '__proto__',
  ] as const;
  const pick = random.integer(0, depth > 0 ? 6 : 4);
  if (pick === 0) return random.pick([null, true, false]);
  if (pick <= 2) return random.pick([0, -1.5e-7, 1e21]);
  if (pick <= 4) return random.pick(texts);
  const length = random.integer(0, 4);
  const items = Array.from({ length }, () => randomValue(random, depth - 1));
  if (pick === 5) return items;
  return Object.fromEntries(items.map((item) => [random.pick(texts), item]));
}

test('any object of JSON keeps all its other members and its layout', () => {
  for (let seed = 1; seed <= 2000; seed += 1) {
    const random = createSeededRandom(seed);
    const value = { first: 1, ...(randomValue(random, 0) as object) };
    for (const key of ['a', 'stamp', 'z']) {
      if (random.next() < 0.7) Object.assign(value, { [key]: randomValue(random, 3) });
    }
    const indent = random.pick([undefined, 2, '\t']);
    const text = JSON.stringify(value, null, indent);

    const edited = editStamp(text, stamp);

    expect(edited, `seed ${seed}`).toBe(JSON.stringify({ ...value, stamp }, null, indent));
  }
});
