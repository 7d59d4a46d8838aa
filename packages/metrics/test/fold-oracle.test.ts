import { createSeededRandom } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { factsOf } from '../src/entry/facts-of.js';
import { builtInReducers, finishBuiltIn } from '../src/fold/built-in.js';
import { buildDocuments } from '../src/fold/documents.js';
import type { EntryFacts } from '../src/fold/facts.js';
import { Fold } from '../src/fold/fold.js';
import type { EncodedPart } from '../src/fold/fold.js';
import { foldEntries } from '../src/fold/fold-entries.js';
import { perEpochText } from '../src/fold/per-epoch-text.js';
import { naiveOutputs } from './support/naive-aggregates.js';
import { randomEntries, segmentOf } from './support/random-entries.js';

const seeds = Array.from({ length: 40 }, (_, seed) => seed);

test.each(seeds)('says what a naive full read says, seed %i', (seed) => {
  const entries = randomEntries(seed, 150);

  expect(documentsText(foldEntries(entries).finished)).toBe(
    JSON.stringify(naiveOutputs([segmentOf(entries)]), null, 1),
  );
});

test('says what a naive full read says of an ordinary history', () => {
  const entries = randomEntries(99, 1500, { hostile: false });

  expect(documentsText(foldEntries(entries).finished)).toBe(
    JSON.stringify(naiveOutputs([segmentOf(entries)]), null, 1),
  );
});

test.each(seeds)('writes epochs without parsing them, seed %i', (seed) => {
  const fold = folded(factsOfAll(randomEntries(seed, 80, { hostile: seed % 2 === 0 })));
  const document = { epochs: finishBuiltIn(fold).epochs, updated_at: 'now' };

  expect(perEpochText(fold.encode()['epochs']?.state, 'now')).toBe(
    JSON.stringify(document, null, 2),
  );
});

test.each(seeds)('comes to the same state when it is stored in between, seed %i', (seed) => {
  const random = createSeededRandom(seed);
  const atOnce = new Fold(builtInReducers());
  let resumed = new Fold(builtInReducers());
  for (const step of steps(randomEntries(seed, 100))) {
    step(atOnce);
    step(resumed);
    if (random.next() < 0.2) resumed = expectDecoded(textOf(resumed));
  }

  expect(textOf(resumed)).toBe(textOf(atOnce));
  expect(documentsText(finishBuiltIn(resumed))).toBe(documentsText(finishBuiltIn(atOnce)));
});

test.each(seeds)('comes to the same state when two parts of it are merged, seed %i', (seed) => {
  const facts = factsOfAll(randomEntries(seed, 80, { repeats: false }));
  const cut = createSeededRandom(seed).integer(0, facts.length);
  const whole = folded(facts);
  const merged = folded(facts.slice(0, cut));
  const later = folded(facts.slice(cut));
  merged.merge(seed % 2 === 0 ? later : expectDecoded(textOf(later)));

  expect(textOf(merged)).toBe(textOf(whole));
  expect(documentsText(finishBuiltIn(merged))).toBe(documentsText(finishBuiltIn(whole)));
});

test.each(seeds)('leaves no trace of what is taken away, seed %i', (seed) => {
  // Fewer than what the list of recent runs holds, or taking one away uncovers one that it has lost.
  const facts = factsOfAll(randomEntries(seed, 18, { repeats: false }));
  const fold = folded(facts);
  const before = textOf(fold);
  const others = factsOfAll(randomEntries(seed + 1000, 60, { repeats: false })).map((each) =>
    // Nothing new, because the order in which things were first seen is to stay.
    ({
      ...each,
      runId: `other-${each.runId}`,
      epoch: facts[0]?.epoch ?? null,
      tools: [],
      stages: [],
    }),
  );
  const known = others.filter(({ pipelineId }) =>
    facts.some((each) => each.pipelineId === pipelineId),
  );
  const kept = fold.encode()['recent-runs'];
  for (const each of known) fold.add(each);
  for (const each of known.toReversed()) fold.retract(each);

  expect({ ...parsed(textOf(fold)), 'recent-runs': kept }).toEqual(parsed(before));
});

function documentsText(finished: ReturnType<typeof finishBuiltIn>): string | undefined {
  const documents = buildDocuments(finished, { baseline: undefined, updatedAt: '' });
  return documents === undefined ? undefined : JSON.stringify(documents, null, 1);
}

function factsOfAll(entries: readonly unknown[]): EntryFacts[] {
  return entries.map((entry) => factsOf(entry)).filter((facts) => facts !== undefined);
}

/** What a history does with the entries, as functions on a fold. */
function* steps(entries: readonly unknown[]): Generator<(fold: Fold) => void> {
  const counted = new Map<string, EntryFacts>();
  for (const facts of factsOfAll(entries)) {
    const earlier = counted.get(facts.runId);
    if (earlier !== undefined && earlier.attempt >= facts.attempt) continue;
    counted.set(facts.runId, facts);
    yield (fold) => {
      if (earlier !== undefined) fold.retract(earlier);
      fold.add(facts);
    };
  }
}

function folded(all: readonly EntryFacts[]): Fold {
  const fold = new Fold(builtInReducers());
  for (const facts of all) fold.add(facts);
  return fold;
}

function textOf(fold: Fold): string {
  return JSON.stringify(fold.encode());
}

function parsed(text: string): Record<string, EncodedPart> {
  return JSON.parse(text) as Record<string, EncodedPart>;
}

function expectDecoded(text: string): Fold {
  const fold = Fold.decode(builtInReducers(), parsed(text));
  expect(fold).toBeDefined();
  return fold ?? new Fold(builtInReducers());
}
