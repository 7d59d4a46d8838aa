import { sha256Hex } from '@codex-orchestrator/core';

import { compareText } from '../compare-text.js';
import { packSections } from './prompt-pack.js';
import type { PackMember, PackSource } from './prompt-pack.js';

/**
 * What a stamp covers. `sources`: the sections and their files. `settings`: also the number of slots
 * and the retrieval policy. Both are found in the wild, so both are right where they fit.
 */
export type StampForm = 'sources' | 'settings';

/** By section, then by path; what is listed twice stays twice. */
export function inStampOrder<Member extends PackMember>(members: readonly Member[]): Member[] {
  return members.toSorted(
    (a, b) =>
      packSections.indexOf(a.section) - packSections.indexOf(b.section) ||
      compareText(a.path, b.path),
  );
}

/**
 * SHA-256 of `<section>:<path>\n<content>\n` of each source in stamp order, and of the line of
 * settings behind them where one is given.
 */
export function stampOf(sources: readonly PackSource[], settings = ''): string {
  const parts = inStampOrder(sources).map(
    ({ section, path, content }) => `${section}:${path}\n${content}\n`,
  );
  return sha256Hex(parts.join('') + settings);
}
