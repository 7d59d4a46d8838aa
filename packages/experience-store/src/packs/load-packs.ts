import type { FileSystem } from '@codex-orchestrator/core';

import { compareText } from '../compare-text.js';
import { errorOf } from '../errors.js';
import type { PackProblem, PromptPack } from './prompt-pack.js';
import { readPacks } from './read-packs.js';
import type { PacksReading } from './read-packs.js';

export interface PackOptions {
  /** The folder that the paths of packs and of their sources start from. */
  readonly root: string;
  /** @default the real file system */
  readonly fs?: FileSystem | undefined;
}

export interface LoadPacksOptions extends PackOptions {
  /**
   * Whether anything that is wrong with any pack is an error.
   *
   * @default false
   */
  readonly strict?: boolean | undefined;
}

export interface PackLoading {
  /** Those that may be used, all with a right stamp, by domain, then by id. */
  readonly packs: readonly PromptPack[];
  readonly warnings: readonly PackProblem[];
}

export interface PackCheck {
  /** All that can be read, with right and with wrong stamps, by domain, then by id. */
  readonly packs: readonly PromptPack[];
  readonly problems: readonly PackProblem[];
}

/**
 * The prompt packs in `.agent/prompts/prompt-packs/<folder>/manifest.json`. A pack with a wrong stamp
 * is left out, as what it says is not what somebody approved; so is one that cannot be read. Each
 * comes with a warning and hides no other pack. Every file is read once, whatever names it. Without
 * the folder there are no packs, at the cost of one failed `readdir`.
 *
 * @throws ExperienceError `PACK_INVALID` where `strict` is set and anything is wrong; its `problems`
 * are the messages of all of it.
 */
export function loadPacks(options: LoadPacksOptions): PackLoading {
  const reading = readPacks(options.root, options.fs);
  const warnings = problemsOf(reading);
  if (options.strict && warnings.length > 0) {
    throw errorOf('PACK_INVALID', 'Cannot use the prompt packs', warnings);
  }
  const packs = new Map<string, PromptPack>();
  for (const { pack } of reading.readings) {
    if (pack?.isStamped && !packs.has(pack.id)) packs.set(pack.id, pack);
  }
  return { packs: inOrder([...packs.values()]), warnings };
}

/** All that is wrong with all packs, and every pack that can be read. Never throws. */
export function checkPacks(options: PackOptions): PackCheck {
  const reading = readPacks(options.root, options.fs);
  const packs = reading.readings.flatMap(({ pack }) => pack ?? []);
  return { packs: inOrder(packs), problems: problemsOf(reading) };
}

export function problemsOf({ readings, problems }: PacksReading): PackProblem[] {
  return [...readings.flatMap((reading) => reading.problems), ...problems];
}

function inOrder(packs: readonly PromptPack[]): PromptPack[] {
  return packs.toSorted((a, b) => compareText(a.domain, b.domain) || compareText(a.id, b.id));
}
