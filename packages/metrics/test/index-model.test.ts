import { nodeFileSystem } from '@codex-orchestrator/core';
import { createSeededRandom, faultyFileSystem } from '@codex-orchestrator/testing';
import type { SeededRandom } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import type { IndexMark } from '../src/index/index-mark.js';
import { removeOtherIndexes } from '../src/index/remove-indexes.js';
import { RunIndex } from '../src/index/run-index.js';
import type { IndexLayout } from '../src/index/run-index.js';
import { BOOT, buildIndex, createIndexRig, drawHash, PlainLookup } from './index-rig.js';
import type { Added } from './index-rig.js';

type Ending = 'commit' | 'killed-after-flush' | 'killed-before-flush' | 'killed-in-a-write';

/** A history that is counted in sessions, many of which are killed. */
class Model {
  readonly #layout: IndexLayout;
  readonly #random: SeededRandom;
  #mark: IndexMark;
  #committed = [0, 0];
  #lookup = new PlainLookup();
  growths = 0;
  sweeps = 0;

  constructor(layout: IndexLayout, random: SeededRandom) {
    this.#layout = layout;
    this.#random = random;
    this.#mark = buildIndex(layout, []);
  }

  get used(): number {
    return this.#mark.used;
  }

  session(): void {
    const ending = this.#random.pick<Ending>([
      'commit',
      'commit',
      'killed-after-flush',
      'killed-before-flush',
      'killed-in-a-write',
    ]);
    const lastWrite = ending === 'killed-in-a-write' ? this.#random.integer(1, 30) : Infinity;
    const { fs } = faultyFileSystem(nodeFileSystem, ({ operation, nth }) =>
      operation === 'write' && nth >= lastWrite ? { kind: 'error', code: 'EIO' } : undefined,
    );
    const committed = [...this.#committed];
    const lookup = this.#lookup.copy();
    try {
      this.#count({ ending, fs, committed, lookup });
    } catch (error) {
      if (ending !== 'killed-in-a-write') throw error;
      expect(error).toMatchObject({ code: 'EIO' });
    }
  }

  #count(session: {
    readonly ending: Ending;
    readonly fs: typeof nodeFileSystem;
    readonly committed: number[];
    readonly lookup: PlainLookup;
  }): void {
    const { ending, fs, committed, lookup } = session;
    using index = this.#open(fs);
    this.sweeps += index.wasSwept ? 1 : 0;
    expect(lookup.differenceTo(index)).toBeUndefined();
    for (let left = this.#random.integer(0, 120); left > 0; left--) {
      const added = this.#draw(committed);
      index.add(added.high, added.low, added.place);
      lookup.add(added);
    }
    expect(lookup.differenceTo(index)).toBeUndefined();
    if (ending === 'killed-before-flush') return;
    const mark = index.flush();
    if (ending !== 'commit') return;
    this.growths += index.superseded.length;
    this.#mark = mark;
    this.#committed = committed;
    this.#lookup = lookup;
    removeOtherIndexes(this.#layout, mark.generation);
  }

  #open(fs: typeof nodeFileSystem): RunIndex {
    const boot = this.#random.integer(0, 9) === 0 ? 'other-boot' : BOOT;
    // So few pages that changed ones must be written before the flush.
    const maxPages = this.#random.pick([2, 64, 64]);
    const options = { committed: this.#committed, maxPages, boot, fs };
    return RunIndex.open(this.#layout, this.#mark, options);
  }

  /** A line behind what is counted of one of the segments; other ones each time. */
  #draw(committed: number[]): Added {
    const segment = this.#random.integer(0, 1);
    const offset = committed[segment] ?? 0;
    committed[segment] = offset + this.#random.integer(1, 5);
    return { ...drawHash(this.#random), place: { segment, offset } };
  }
}

test.each([1, 2, 3, 4, 5, 6])(
  'answers as a plain map does, however often its users are killed (seed %i)',
  async (seed) => {
    await using rig = await createIndexRig();
    const model = new Model(rig.layout, createSeededRandom(seed));

    while (model.used < 900) model.session();

    expect(model.growths).toBeGreaterThan(0);
    expect(model.sweeps).toBeGreaterThan(2);
  },
);
