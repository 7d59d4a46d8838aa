import type { RunSample, RunSelector } from '@codex-orchestrator/report';

import { selectSamples } from '../report-library.js';

/** More runs of a side are not looked at: their newest are enough to see what there is to see. */
export const maxRunsOfSide = 1000;

/**
 * Gathers the runs that a selector means while entries of a history go by: each by its latest attempt, and
 * of all of them the newest. What it holds does not grow with the history.
 */
export class SelectedSide {
  readonly selector: RunSelector;
  /** The task is that whose history goes by. */
  readonly #conditions: RunSelector;
  readonly #limit: number;
  readonly #kept = new Map<string, GatheredRun>();
  #leftOut = 0;

  constructor(selector: RunSelector) {
    this.selector = selector;
    this.#conditions = conditionsOf(selector);
    this.#limit = Math.min(selector.last ?? maxRunsOfSide, maxRunsOfSide);
  }

  /** Runs that fit and were too many; those beyond a `last` are not meant in the first place. */
  get leftOut(): number {
    return (this.selector.last ?? Infinity) <= maxRunsOfSide ? 0 : this.#leftOut;
  }

  /** The runs, from the oldest on. */
  get runs(): readonly GatheredRun[] {
    this.#forgetOldest();
    return sorted(this.#kept);
  }

  add(run: GatheredRun): void {
    const { runId, attempt } = run.sample;
    const known = this.#kept.get(runId);
    if (known !== undefined && known.sample.attempt > attempt) return;
    // An attempt that came out otherwise takes the place of one that fitted.
    if (!this.#fits(run.sample)) this.#kept.delete(runId);
    else this.#kept.set(runId, run);
    if (this.#kept.size >= 2 * this.#limit + 1000) this.#forgetOldest();
  }

  #fits(sample: RunSample): boolean {
    return selectSamples([sample], this.#conditions).length > 0;
  }

  #forgetOldest(): void {
    const tooMany = this.#kept.size - this.#limit;
    if (tooMany <= 0) return;
    for (const { sample } of sorted(this.#kept).slice(0, tooMany)) this.#kept.delete(sample.runId);
    this.#leftOut += tooMany;
  }
}

function conditionsOf(selector: RunSelector): RunSelector {
  const conditions: { -readonly [Key in keyof RunSelector]: RunSelector[Key] } = { ...selector };
  delete conditions.task;
  delete conditions.last;
  return conditions;
}

/** A run as the history knows it, or as its record does where the history has nothing of it. */
export interface GatheredRun {
  readonly sample: RunSample;
  readonly entry?: Readonly<Record<string, unknown>>;
}

function sorted(runs: ReadonlyMap<string, GatheredRun>): GatheredRun[] {
  return [...runs.values()].sort((a, b) => compare(keyOf(a), keyOf(b)));
}

/** Run ids begin with a time too. */
function keyOf({ sample: { runId, startedAt } }: GatheredRun): string {
  return `${startedAt ?? ''} ${runId}`;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
