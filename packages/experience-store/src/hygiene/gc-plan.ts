import { compareEntries } from '../index/entry.js';
import type { Counters } from '../record/record.js';
import type { Signature } from '../record/similarity.js';
import { expectWholeNumber } from './expect-option.js';
import { nearPairs } from './near-duplicates.js';
import type { RecordFacts } from './record-table.js';

/** Why a record is collected. */
export type RecordGcReason =
  'forgotten' | 'duplicate' | 'near-duplicate' | 'boilerplate' | 'never-used' | 'beyond-best';

/** What planning needs to know of a record beside its facts. */
export interface GcDetail {
  /** Equal for records of one domain that say the same. */
  readonly contentKey: string;
  /** Present where near duplicates are looked for. */
  readonly signature: Signature | undefined;
  readonly isBoilerplate: boolean;
}

export interface GcPlanOptions {
  readonly nowMs: number;
  /** Records of a domain that stay, the best by score, then the youngest. @default all */
  readonly keepPerDomain?: number | undefined;
  /** Records that no run was ever given go when they are older. @default never */
  readonly olderThanDays?: number | undefined;
}

export interface GcDecision {
  readonly reason: RecordGcReason;
  /** The record that has its counters now. */
  readonly mergedInto?: string | undefined;
}

export type GcFacts = RecordFacts<GcDetail>;

export interface GcPlan {
  /** What goes; everything else stays. */
  readonly decisions: ReadonlyMap<GcFacts, GcDecision>;
  /** What those that stay have counted in the end, where others were merged into them. */
  readonly merged: ReadonlyMap<GcFacts, Counters>;
  /** Whether some near duplicates may have been missed. */
  readonly isNearLimited: boolean;
}

/**
 * Says which records go and why. A pinned record never goes, unless it was forgotten; of those that say the
 * same, the pinned one stays, then that of the best score, then the earliest. Counters of duplicates are
 * added to the one that stays, to which each of them is one more time that the lesson was seen.
 *
 * @throws ExperienceError `INVALID_OPTION`
 */
export function planGc(records: readonly GcFacts[], options: GcPlanOptions): GcPlan {
  const { keepPerDomain = Infinity, olderThanDays = Infinity, nowMs } = options;
  expectWholeNumber('keepPerDomain', keepPerDomain, 0);
  expectWholeNumber('olderThanDays', olderThanDays, 0);
  const plan = new Planner();
  for (const facts of records) if (facts.forgotten) plan.drop(facts, { reason: 'forgotten' });
  for (const domain of byDomain(records)) {
    // Those that say the same come first: what is merged into a record can save it from going.
    plan.mergeEqual(domain);
    plan.mergeNear(domain);
    for (const facts of plan.staying(domain)) {
      if (facts.pinned) continue;
      if (facts.detail.isBoilerplate) plan.drop(facts, { reason: 'boilerplate' });
      else if (plan.isUnused(facts) && ageInDays(facts, nowMs) > olderThanDays) {
        plan.drop(facts, { reason: 'never-used' });
      }
    }
    const best = plan.staying(domain).sort(compareEntries);
    for (const facts of best.slice(keepPerDomain)) {
      if (!facts.pinned) plan.drop(facts, { reason: 'beyond-best' });
    }
  }
  return plan;
}

class Planner implements GcPlan {
  readonly decisions = new Map<GcFacts, GcDecision>();
  readonly merged = new Map<GcFacts, Counters>();
  isNearLimited = false;

  drop(facts: GcFacts, decision: GcDecision): void {
    this.decisions.set(facts, decision);
  }

  staying(records: readonly GcFacts[]): GcFacts[] {
    return records.filter((facts) => !this.decisions.has(facts));
  }

  isUnused(facts: GcFacts): boolean {
    return (this.merged.get(facts) ?? facts).uses === 0;
  }

  mergeEqual(domain: readonly GcFacts[]): void {
    const keepers = new Map<string, GcFacts>();
    for (const facts of this.staying(domain).sort(keeperFirst)) {
      const { contentKey } = facts.detail;
      const keeper = keepers.get(contentKey);
      if (!keeper) keepers.set(contentKey, facts);
      else if (!facts.pinned) this.#merge(facts, keeper, 'duplicate');
    }
  }

  mergeNear(domain: readonly GcFacts[]): void {
    const candidates = this.staying(domain)
      .filter((facts) => facts.detail.signature !== undefined)
      .sort(keeperFirst);
    const signatures = candidates.flatMap(({ detail }) => detail.signature ?? []);
    const { pairs, isLimited } = nearPairs(signatures);
    this.isNearLimited ||= isLimited;
    for (const { at, like } of pairs) {
      const facts = candidates[at];
      const keeper = candidates[like];
      if (facts && keeper && !facts.pinned) this.#merge(facts, keeper, 'near-duplicate');
    }
  }

  #merge(facts: GcFacts, keeper: GcFacts, reason: RecordGcReason): void {
    const one = this.merged.get(keeper) ?? keeper;
    const other = this.merged.get(facts) ?? facts;
    this.merged.set(keeper, {
      seen: one.seen + other.seen + 1,
      uses: one.uses + other.uses,
      helped: one.helped + other.helped,
      harmed: one.harmed + other.harmed,
    });
    this.merged.delete(facts);
    this.decisions.set(facts, { reason, mergedInto: keeper.id });
  }
}

function byDomain(records: readonly GcFacts[]): Iterable<GcFacts[]> {
  const domains = new Map<string, GcFacts[]>();
  for (const facts of records) {
    const known = domains.get(facts.domain);
    if (known) known.push(facts);
    else domains.set(facts.domain, [facts]);
  }
  return domains.values();
}

function keeperFirst(a: GcFacts, b: GcFacts): number {
  return Number(b.pinned) - Number(a.pinned) || b.score - a.score || a.offset - b.offset;
}

const DAY_MS = 86_400_000;

/** `-Infinity` where the record does not tell: nobody knows that it is old. */
export function ageInDays({ createdAt }: { readonly createdAt: string }, nowMs: number): number {
  const createdMs = Date.parse(createdAt);
  return Number.isNaN(createdMs) ? -Infinity : (nowMs - createdMs) / DAY_MS;
}
