import { createRig, createSeededRandom } from '@codex-orchestrator/testing';
import type { SeededRandom } from '@codex-orchestrator/testing';

import type { IndexMark } from '../src/index/index-mark.js';
import type { IndexLayout, RunLookup } from '../src/index/run-index.js';
import { RunIndexBuilder } from '../src/index/run-index-builder.js';
import type { RunPlace } from '../src/index/slot.js';

export const BOOT = 'this-boot';

export interface IndexRig extends AsyncDisposable {
  readonly layout: IndexLayout;
  readonly folder: string;
  path(generation: number): string;
  list(): Promise<string[]>;
}

export async function createIndexRig(): Promise<IndexRig> {
  const rig = await createRig();
  const path = (generation: number): string => rig.path(`run-index-${generation}.bin`);
  return {
    layout: { runIndexPath: path },
    folder: rig.root,
    path,
    list: () => rig.list(),
    [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose](),
  };
}

export interface Added {
  readonly high: number;
  readonly low: number;
  readonly place: RunPlace;
}

/** What an index is to answer, kept the plain way. */
export class PlainLookup {
  readonly #places = new Map<string, RunPlace[]>();

  add({ high, low, place }: Added): void {
    const key = keyOf(high, low);
    const places = this.#places.get(key);
    if (places) places.push(place);
    else this.#places.set(key, [place]);
  }

  find(high: number, low: number): readonly RunPlace[] {
    return this.#places.get(keyOf(high, low)) ?? [];
  }

  copy(): PlainLookup {
    const copy = new PlainLookup();
    for (const [key, places] of this.#places) copy.#places.set(key, [...places]);
    return copy;
  }

  /** The first hash that the other answers differently. */
  differenceTo(other: Pick<RunLookup, 'find'>): string | undefined {
    for (const [key, places] of this.#places) {
      const [high = 0, low = 0] = key.split(':').map(Number);
      const expected = textOf(places);
      const found = textOf(other.find(high, low));
      if (found !== expected) return `${key}: expected ${expected}, found ${found}`;
    }
    return undefined;
  }
}

/** Places in an order of their own: growing may change that of equal hashes. */
export function textOf(places: readonly RunPlace[]): string {
  return places
    .map(({ segment, offset }) => `${segment}/${offset}`)
    .sort()
    .join(' ');
}

/** Hashes as runs have them, and now and then such as are hard on a table. */
export function drawHash(random: SeededRandom): { readonly high: number; readonly low: number } {
  const low = random.integer(-(2 ** 31), 2 ** 31 - 1);
  const kind = random.integer(0, 99);
  // The last slots, from which one wraps around to the first, and those first ones.
  if (kind < 10) return { high: -1 - random.integer(0, 3), low };
  if (kind < 20) return { high: random.integer(0, 3), low };
  // One high half with other low ones, and the very same hash, which is that of nothing but zeros.
  if (kind < 25) return { high: 0x12345678, low: random.integer(0, 5) };
  if (kind < 27) return { high: 0, low: 0 };
  return { high: random.integer(-(2 ** 31), 2 ** 31 - 1), low };
}

/** The first so many entries of a history in one segment, each of a run of its own. */
export function* plainHistory(count: number, seed = 1): Generator<Added> {
  const random = createSeededRandom(seed);
  const lane = (): number => random.integer(-(2 ** 31), 2 ** 31 - 1);
  for (let nth = 0; nth < count; nth++) {
    yield { high: lane(), low: lane(), place: { segment: 0, offset: nth * 100 } };
  }
}

/** Writes the index of such a history as generation 1. */
export function buildIndex(layout: IndexLayout, entries: Iterable<Added>): IndexMark {
  using builder = new RunIndexBuilder(layout, { generation: 1, boot: BOOT });
  for (const { high, low, place } of entries) builder.add(high, low, place);
  return builder.finish();
}

function keyOf(high: number, low: number): string {
  return `${high}:${low}`;
}
