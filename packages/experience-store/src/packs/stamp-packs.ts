import { join } from 'node:path';

import { messageOf, writeFileAtomic } from '@codex-orchestrator/core';

import { ExperienceError } from '../errors.js';
import { editStamp } from './edit-stamp.js';
import { problemsOf } from './load-packs.js';
import type { PackOptions } from './load-packs.js';
import { stampOf } from './pack-stamp.js';
import type { StampForm } from './pack-stamp.js';
import { packProblem, readPacks } from './read-packs.js';
import type { PackReading } from './read-packs.js';
import type { PackProblem } from './prompt-pack.js';

export interface StampPacksOptions extends PackOptions {
  /** Which packs, by their ids, or every one. */
  readonly ids: readonly string[] | 'all';
  /**
   * What the stamps are to cover. Without it a stamp that is right in either form stays, and one that
   * is wrong becomes one of the sources.
   */
  readonly form?: StampForm | undefined;
  /**
   * Whether to report only.
   *
   * @default false
   */
  readonly dryRun?: boolean | undefined;
}

export interface StampedPack {
  readonly id: string;
  /** Relative to the root. */
  readonly manifestPath: string;
  /** `null` where there was none, or something that is no text. */
  readonly oldStamp: string | null;
  readonly newStamp: string;
  /** Whether the two differ. */
  readonly isChanged: boolean;
  /** Whether the file was replaced: never in a dry run. */
  readonly isWritten: boolean;
}

export interface PackStamping {
  /** By the names of their folders. */
  readonly packs: readonly StampedPack[];
  /** Why packs that were asked for got no stamp, and which settings of those packs are wrong. */
  readonly problems: readonly PackProblem[];
}

/**
 * Writes into the manifests of packs the stamp that their sources have now: somebody has read them
 * and vouches for them. Only the member `stamp` changes; each file is replaced as a whole, and not at
 * all where its stamp is right. A pack that cannot be stamped is a problem and holds up no other.
 *
 * @throws ExperienceError `INVALID_OPTION` when there is no pack of one of the ids; nothing is
 * written then.
 */
export async function stampPacks(options: StampPacksOptions): Promise<PackStamping> {
  const { root, ids, fs } = options;
  const reading = readPacks(root, fs);
  const isAsked = ({ id }: PackReading): boolean =>
    ids === 'all' || (id !== null && ids.includes(id));
  const asked = reading.readings.filter(isAsked);
  if (ids !== 'all') expectKnown(ids, reading.readings);
  const packs: StampedPack[] = [];
  const problems = problemsOf({
    readings: asked,
    problems: ids === 'all' ? reading.problems : [],
  }).filter(({ code }) => code !== 'STAMP_MISSING' && code !== 'STAMP_WRONG');
  for (const one of asked) {
    const stamped = await stampPack(one, options);
    if (stamped && 'code' in stamped) problems.push(stamped);
    else if (stamped) packs.push(stamped);
  }
  return { packs, problems };
}

function expectKnown(ids: readonly string[], readings: readonly PackReading[]): void {
  const known = readings.flatMap(({ id }) => id ?? []);
  const unknown = ids.filter((id) => !known.includes(id));
  if (unknown.length === 0) return;
  const list = unknown.map((id) => JSON.stringify(id)).join(', ');
  const choice =
    known.length === 0
      ? 'there are no packs'
      : `the packs are ${known.map((id) => JSON.stringify(id)).join(', ')}`;
  throw new ExperienceError('INVALID_OPTION', `Cannot stamp ${list}: ${choice}`);
}

/** `undefined` where there is no pack to stamp: the reading has a problem for it. */
async function stampPack(
  { pack, manifest, text, manifestPath }: PackReading,
  { root, fs, form, dryRun }: StampPacksOptions,
): Promise<StampedPack | PackProblem | undefined> {
  if (!pack || !manifest) return undefined;
  const { id } = pack;
  const place = { packId: id, path: manifestPath };
  const settings = form === 'settings' ? manifest.settings() : '';
  if (settings === undefined) {
    const message = `Pack ${JSON.stringify(id)} (${manifestPath}) gets no stamp of its settings: expected a retrieval policy and experienceSlots that such stamps can cover. Mend them, or stamp the sources alone.`;
    return packProblem('STAMP_NOT_WRITTEN', place, message);
  }
  const newStamp = form === undefined ? pack.stamp : stampOf(pack.sources, settings);
  const old = manifest.declaredStamp;
  const oldStamp = typeof old === 'string' ? old : null;
  // The same digits in capitals are the same stamp.
  const isChanged = oldStamp?.toLowerCase() !== newStamp;
  const isWritten = isChanged && !dryRun;
  if (isWritten) {
    try {
      const path = join(root, manifestPath);
      await writeFileAtomic(path, editStamp(text, newStamp), { root, ...(fs && { fs }) });
    } catch (error) {
      const message = `The stamp of pack ${JSON.stringify(id)} was not written: ${messageOf(error)}`;
      return packProblem('STAMP_NOT_WRITTEN', place, message);
    }
  }
  return { id, manifestPath, oldStamp, newStamp, isChanged, isWritten };
}
