import { compareText } from '../compare-text.js';

import type { Experience } from '../record/record.js';
import type { Signature } from '../record/similarity.js';

/** Why a candidate was chosen or not. */
export type SelectionReason =
  | 'chosen'
  /** Its score is below the least one. */
  | 'below-minimum'
  /** What the penalty leaves of its score is below the least one. */
  | 'penalised'
  /** It says what a chosen one says. */
  | 'near-duplicate'
  /** The rest of the budget is too small for it. */
  | 'over-budget'
  /** Better ones took the slots. */
  | 'outranked';

/** A candidate while a selection goes on. */
export interface Entry {
  readonly experience: Experience;
  /** Its place among the candidates as they were given. */
  readonly position: number;
  readonly rawScore: number;
  policyScore: number;
  reason: SelectionReason | undefined;
  /** From 1. */
  slot: number | undefined;
  penalty?: number;
  relevance?: number;
  usefulness?: number;
  decay?: number;
  similarity?: number;
  similarTo?: Experience;
  signature?: Signature;
}

/** What makes a policy, for a contest that fills one slot after the other. */
export interface Rules {
  /** An entry with its scores before anything is chosen. */
  readonly enter: (experience: Experience, position: number) => Entry;
  /** Brings an entry up to date before a slot is filled. */
  readonly rescore: (entry: Entry) => void;
  /** Negative when `a` goes before `b`. */
  readonly compare: (a: Entry, b: Entry) => number;
  /** Why an entry, as it is now, is out of the contest for good. */
  readonly refuse?: (entry: Entry) => SelectionReason | undefined;
  /** Why the contest is over when this is the best entry that is left. */
  readonly finish?: (best: Entry) => SelectionReason | undefined;
  /** Told of each pick, before the next slot is filled. */
  readonly picked?: (entry: Entry) => void;
}

/** Six decimals: the same on every machine, and apart where it matters. */
export function roundScore(value: number): number {
  return Number.isFinite(value) ? Math.round(value * 1e6) / 1e6 : 0;
}

/** Later first; texts of the same form compare by code units, in any locale. */
export function compareNewest(a: Entry, b: Entry): number {
  return compareText(b.experience.createdAt, a.experience.createdAt);
}

/** By the score of the policy, then the higher score, the newer record, the lower id. */
export function compareScored(a: Entry, b: Entry): number {
  return (
    b.policyScore - a.policyScore ||
    b.rawScore - a.rawScore ||
    compareNewest(a, b) ||
    compareText(a.experience.id, b.experience.id) ||
    a.position - b.position
  );
}
