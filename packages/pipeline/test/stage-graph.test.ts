import { expect, test } from 'vitest';

import { StageGraph } from '../src/stage-graph.js';
import type {
  SkippedStage,
  StageGraphOptions,
  StageNode,
  StageVerdict,
} from '../src/stage-graph.js';
import { createSeededRandom } from './seeded-random.js';
import type { SeededRandom } from './seeded-random.js';

test('stages without needs start in the order in which they were written, as many as may', () => {
  const graph = new StageGraph(nodes('a', 'b', 'c'), { maxParallel: 2 });
  expect(graph.takeReady()).toEqual(['a', 'b']);
  expect(graph.takeReady()).toEqual([]);
  graph.finish('b', 'passed');
  expect(graph.takeReady()).toEqual(['c']);
});

test('a stage waits for all of its needs', () => {
  const graph = new StageGraph([...nodes('a', 'b'), { id: 'c', needs: ['a', 'b'] }], {
    maxParallel: 9,
  });
  graph.takeReady();
  graph.finish('a', 'passed');
  expect(graph.takeReady()).toEqual([]);
  graph.finish('b', 'passed');
  expect(graph.takeReady()).toEqual(['c']);
});

test('what becomes ready later starts before what was written after it', () => {
  const graph = new StageGraph([{ id: 'late', needs: ['first'] }, ...nodes('first', 'x', 'y')], {
    maxParallel: 1,
  });
  expect(graph.takeReady()).toEqual(['first']);
  graph.finish('first', 'passed');
  expect(graph.takeReady()).toEqual(['late']);
});

test('a failure skips what depends on it and everything else that has not started', () => {
  const graph = new StageGraph(
    [...nodes('a', 'b'), { id: 'c', needs: ['a'] }, { id: 'd', needs: ['c'] }, ...nodes('e')],
    { maxParallel: 2 },
  );
  expect(graph.takeReady()).toEqual(['a', 'b']);
  expect(graph.finish('a', 'failed')).toEqual([
    { id: 'c', reason: { kind: 'dependency-failed', because: 'a' } },
    { id: 'd', reason: { kind: 'dependency-failed', because: 'a' } },
    { id: 'e', reason: { kind: 'run-failed', because: 'a' } },
  ]);
  expect(graph.running).toBe(1);
  expect(graph.isSettled).toBe(false);
  expect(graph.finish('b', 'passed')).toEqual([]);
  expect(graph.isSettled).toBe(true);
});

test('a failure that is kept going over skips only what depends on it', () => {
  const graph = new StageGraph([...nodes('a'), { id: 'b', needs: ['a'] }, ...nodes('c')], {
    maxParallel: 1,
    keepGoing: true,
  });
  graph.takeReady();
  expect(graph.finish('a', 'failed')).toEqual([
    { id: 'b', reason: { kind: 'dependency-failed', because: 'a' } },
  ]);
  expect(graph.takeReady()).toEqual(['c']);
});

test('who needs a stage that has passed before waits for what that needs', () => {
  const stages = [
    { id: 'gate', needs: [] },
    { id: 'build', needs: ['gate'] },
    { id: 'test', needs: ['build'] },
  ];
  const options = { maxParallel: 9, keepGoing: true, passed: new Set(['build']) };
  const good = new StageGraph(stages, options);
  expect(good.takeReady()).toEqual(['gate']);
  good.finish('gate', 'passed');
  expect(good.takeReady()).toEqual(['test']);
  const bad = new StageGraph(stages, options);
  bad.takeReady();
  expect(bad.finish('gate', 'failed')).toEqual([
    { id: 'test', reason: { kind: 'dependency-failed', because: 'gate' } },
  ]);
  expect(bad.isSettled).toBe(true);
});

test('a stop skips what has not started, once', () => {
  const graph = new StageGraph(nodes('a', 'b', 'c'), { maxParallel: 1 });
  graph.takeReady();
  expect(graph.stop({ kind: 'run-cancelled' }).map(({ id }) => id)).toEqual(['b', 'c']);
  expect(graph.stop({ kind: 'deadline-exceeded' })).toEqual([]);
  expect(graph.finish('a', 'failed')).toEqual([]);
  expect(graph.takeReady()).toEqual([]);
  expect(graph.isSettled).toBe(true);
});

test('an end of what does not run is a bug of the caller', () => {
  const graph = new StageGraph(nodes('a'), { maxParallel: 1 });
  expect(() => graph.finish('a', 'passed')).toThrow('Internal error');
  graph.takeReady();
  graph.finish('a', 'passed');
  expect(() => graph.finish('a', 'passed')).toThrow('Internal error');
});

test('a graph behaves as the plain description of it says, on random graphs', () => {
  for (let seed = 0; seed < 1500; seed++) {
    const random = createSeededRandom(seed);
    const stages = randomNodes(random);
    const rate = random.below(4) / 10;
    const passed = new Set(stages.filter(() => random.chance(rate)).map(({ id }) => id));
    const options = { maxParallel: 1 + random.below(4), keepGoing: random.chance(0.5), passed };
    const graph = new StageGraph(stages, options);
    const oracle = new NaiveGraph(stages, options);
    const running: string[] = [];
    while (!graph.isSettled) {
      const ready = graph.takeReady();
      expect(ready, `seed ${seed}`).toEqual(oracle.takeReady());
      running.push(...ready);
      expect(graph.running, `seed ${seed}`).toBe(running.length);
      if (random.chance(0.02)) {
        const skipped = graph.stop({ kind: 'run-cancelled' });
        expect(skipped.map(({ id }) => id)).toEqual(oracle.stop());
        continue;
      }
      const [id = ''] = running.splice(random.below(running.length), 1);
      const verdict = random.chance(0.2) ? 'failed' : 'passed';
      expect(sortById(graph.finish(id, verdict)), `seed ${seed}`).toEqual(
        sortById(oracle.finish(id, verdict)),
      );
    }
    expect(oracle.isSettled, `seed ${seed}`).toBe(true);
  }
});

/** Says the same by looking at everything each time. */
class NaiveGraph {
  readonly #nodes: readonly StageNode[];
  readonly #options: Required<StageGraphOptions>;
  readonly #states = new Map<string, 'failed' | 'passed' | 'running' | 'skipped'>();

  constructor(stages: readonly StageNode[], options: Required<StageGraphOptions>) {
    this.#nodes = stages;
    this.#options = options;
    for (const id of options.passed) this.#states.set(id, 'passed');
  }

  get isSettled(): boolean {
    return this.#nodes.every(({ id }) => !['running', undefined].includes(this.#states.get(id)));
  }

  takeReady(): string[] {
    const room = this.#options.maxParallel - this.#count('running');
    const ready = this.#nodes
      .filter(({ id }) => !this.#states.has(id))
      .filter((node) => this.#isFree(node))
      .slice(0, Math.max(0, room))
      .map(({ id }) => id);
    for (const id of ready) this.#states.set(id, 'running');
    return ready;
  }

  finish(id: string, verdict: StageVerdict): SkippedStage[] {
    this.#states.set(id, verdict);
    if (verdict === 'passed') return [];
    const skipped: SkippedStage[] = [];
    for (let found = true; found;) {
      found = false;
      for (const node of this.#nodes) {
        const lost = new Set([id, ...skipped.map((one) => one.id)]);
        if (this.#states.has(node.id) || !this.#isLost(node, lost)) continue;
        this.#states.set(node.id, 'skipped');
        skipped.push({ id: node.id, reason: { kind: 'dependency-failed', because: id } });
        found = true;
      }
    }
    if (this.#options.keepGoing) return skipped;
    const rest = this.stop().map((other) => ({
      id: other,
      reason: { kind: 'run-failed' as const, because: id },
    }));
    return [...skipped, ...rest];
  }

  stop(): string[] {
    const waiting = this.#nodes.map(({ id }) => id).filter((id) => !this.#states.has(id));
    for (const id of waiting) this.#states.set(id, 'skipped');
    return waiting;
  }

  #isFree({ needs }: StageNode): boolean {
    return needs.every((need) => {
      const isThrough = this.#states.get(need) === 'passed';
      return isThrough && (!this.#options.passed.has(need) || this.#isFree(this.#node(need)));
    });
  }

  #isLost({ needs }: StageNode, lost: ReadonlySet<string>): boolean {
    return needs.some((need) => {
      const hasPassed = this.#options.passed.has(need);
      return lost.has(need) || (hasPassed && this.#isLost(this.#node(need), lost));
    });
  }

  #node(wanted: string): StageNode {
    return this.#nodes.find(({ id }) => id === wanted) ?? { id: wanted, needs: [] };
  }

  #count(state: string): number {
    return [...this.#states.values()].filter((one) => one === state).length;
  }
}

/** Needs point in any direction of the list, along a hidden order that keeps them free of cycles. */
function randomNodes(random: SeededRandom): StageNode[] {
  const ids = Array.from({ length: 1 + random.below(12) }, (_, index) => `s${index}`);
  const hidden = new Map(ids.map((id) => [id, random.below(1_000_000)]));
  const density = random.below(4) / 10;
  return ids.map((id) => ({
    id,
    needs: ids.filter(
      (other) => (hidden.get(other) ?? 0) < (hidden.get(id) ?? 0) && random.chance(density),
    ),
  }));
}

function nodes(...ids: string[]): StageNode[] {
  return ids.map((id) => ({ id, needs: [] }));
}

function sortById(skipped: readonly SkippedStage[]): SkippedStage[] {
  return [...skipped].sort((a, b) => (a.id < b.id ? -1 : 1));
}
