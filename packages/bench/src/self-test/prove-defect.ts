import { join } from 'node:path';

import { checkGuard } from '../exact/check-guard.js';
import type { GuardResult } from '../results/result.js';
import { createSlot } from '../slot/create-slot.js';
import type { Defect } from './defect.js';

export interface ProveDefectOptions {
  /** Folder of the workspace. */
  readonly root: string;
  /** An empty folder; whoever made it removes it. */
  readonly work: string;
  /** Where data sets are kept. */
  readonly cacheDir: string;
  /** @default the built `child.js` of this package */
  readonly childProgram?: string | undefined;
}

/** Whether a guard tells a sound build from one with a defect. */
export interface Proof {
  readonly defect: string;
  /** `<project>/<name>` */
  readonly guard: string;
  readonly holds: boolean;
  /** What the guard says of the build with the defect, or what is wrong. */
  readonly reason: string;
}

/**
 * Holds a guard against the present build and against the same build with a defect: the first has to be within what is
 * promised, the second regressed, by the measure that the defect is about.
 *
 * @throws BenchError `BUILD_MISSING`, `DEFECT_NOT_APPLIED`
 */
export async function proveDefect(defect: Defect, options: ProveDefectOptions): Promise<Proof> {
  const { root, work } = options;
  const sound = join(work, 'sound');
  const broken = join(work, 'broken');
  for (const folder of [sound, broken]) {
    await createSlot({ root, project: defect.project, folder });
  }
  await defect.apply(broken);
  const judged = {
    sound: await judge(defect, sound, options),
    broken: await judge(defect, broken, options),
  };
  const guard = `${defect.project}/${defect.guard}`;
  const wrong = whatIsWrong(defect, judged);
  const holds = wrong === undefined;
  return { defect: defect.name, guard, holds, reason: wrong ?? judged.broken.reason };
}

async function judge(
  { project, guard }: Defect,
  slot: string,
  { root, cacheDir, childProgram }: ProveDefectOptions,
): Promise<GuardResult> {
  const guardFile = join(root, 'packages', project, 'bench', `${guard}.bench.mjs`);
  const told = { project, guardFile, slot, cacheDir, childProgram };
  const result = await checkGuard({ ...told, childrenPerSize: 1 });
  if (result === undefined) throw new TypeError(`Expected ${guard} to need no base`);
  return result;
}

function whatIsWrong(
  { measure }: Defect,
  { sound, broken }: { readonly sound: GuardResult; readonly broken: GuardResult },
): string | undefined {
  if (sound.verdict !== 'held' && sound.verdict !== 'improved') {
    return `without the defect it is ${sound.verdict}: ${sound.reason}`;
  }
  if (broken.verdict !== 'regressed') return `it is ${broken.verdict}: ${broken.reason}`;
  const found = broken.measures.find(({ name }) => name === measure);
  if (found?.limit !== undefined && found.value > found.limit) return undefined;
  return `${measure} is within its limit: ${broken.reason}`;
}
