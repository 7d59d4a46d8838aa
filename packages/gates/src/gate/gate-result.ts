import type { Finding } from './finding.js';
import type { GateName } from './gate-names.js';

export const gateOutcomes = [
  /** Looked at all that it is about, and found nothing. */
  'passed',
  'failed',
  /** It found something, and somebody gave a reason why that is to be let through. */
  'overridden',
  /** The repository has nothing that this gate is about, and does not ask for it. */
  'not_applicable',
  /** A review that nobody made. */
  'not_reviewed',
] as const;
export type GateOutcome = (typeof gateOutcomes)[number];

/** What a gate came to. */
export interface GateResult {
  readonly gate: GateName;
  readonly outcome: GateOutcome;
  /** Whether what follows may go on. Never true for a `failed` one. */
  readonly passes: boolean;
  readonly findings: readonly Finding[];
  /** What people are told, line by line, in the words that tools of old look for. */
  readonly lines: readonly string[];
  /** What was looked at and counted, such as `base` and `files`. */
  readonly facts: GateFacts;
  /** Reason that somebody gave to let it through; null without one. */
  readonly override: string | null;
  /** What could be looked at only in part, one sentence each. */
  readonly warnings: readonly string[];
  /** Files that were written, relative to the root. */
  readonly written: readonly string[];
}

export interface GateFacts {
  readonly [name: string]: GateFact;
}
export type GateFact = boolean | number | string | null | readonly GateFact[] | GateFacts;
