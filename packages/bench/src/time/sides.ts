import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';

import { createSlot } from '../slot/create-slot.js';
import type { CreateSlotOptions } from '../slot/slot.js';
import type { Side } from './log-ratios.js';
import { shuffled } from './measure-rounds.js';

type BuildSource = Omit<CreateSlotOptions, 'folder'>;

/** Copies of the builds that are compared, one for each side. */
export interface SideCopies {
  /**
   * Lays the copies of these sides at folders that say nothing and are equally long, which one where being
   * drawn, for as long as `use` runs: where a program lies must not speak for or against it.
   */
  readonly place: <T>(
    sides: readonly Side[],
    random: () => number,
    use: (slots: ReadonlyMap<Side, string>) => Promise<T>,
  ) => Promise<T>;
}

export interface SideCopiesOptions {
  /** Undefined where the base has no such project. */
  readonly base: BuildSource | undefined;
  readonly candidate: BuildSource;
  /** An empty folder. */
  readonly folder: string;
}

/** Copies base and candidate; the sides of the controls are the base once more. */
export async function copySides({
  base,
  candidate,
  folder,
}: SideCopiesOptions): Promise<SideCopies> {
  const kept = (side: Side): string => join(folder, 'kept', side);
  await createSlot({ ...candidate, folder: kept('candidate') });
  if (base !== undefined) {
    for (const side of ['base', 'null', 'slowed'] as const) {
      await createSlot({ ...base, folder: kept(side) });
    }
  }
  return {
    place: async (sides, random, use) => {
      const letters = shuffled(['a', 'b', 'c', 'd'].slice(0, sides.length), random);
      const slots = new Map(
        sides.map((side, index) => [side, join(folder, letters[index] ?? side)]),
      );
      await mkdir(folder, { recursive: true });
      for (const [side, slot] of slots) await rename(kept(side), slot);
      try {
        return await use(slots);
      } finally {
        for (const [side, slot] of slots) await rename(slot, kept(side));
      }
    },
  };
}
