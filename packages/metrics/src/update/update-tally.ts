import type { Clock } from '@codex-orchestrator/core';

import type { Checkpoint, CheckpointCounts, SegmentMark } from '../checkpoint/checkpoint.js';
import type { DrainReport } from '../history/drain-pending.js';
import { addCounts, NAMED_DAMAGED_LINES, noCounts } from './history-fold.js';
import type { PassResult } from './pass.js';
import type { DamagedLineReport, HistoryTotals, UpdateReport } from './update-report.js';

/** What an update comes to over its passes. */
export class UpdateTally {
  readonly #clock: Clock;
  readonly #startMs: number;
  readonly #quarantined: string[] = [];
  readonly #damaged: DamagedLineReport[] = [];
  readonly #outputs = new Set<string>();
  #merged = 0;
  #counts: CheckpointCounts = noCounts;
  #bytesRead = 0;
  #rebuiltBecause: UpdateReport['rebuiltBecause'] = null;
  #rotated: string | null = null;
  #last: PassResult | undefined;
  #isUnchanged = true;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startMs = clock.monotonicMs();
  }

  /** What the last pass saw of the history. */
  get marks(): readonly SegmentMark[] {
    return this.#last?.segments ?? [];
  }

  drained({ merged, quarantined }: DrainReport): void {
    this.#merged += merged;
    this.#quarantined.push(...quarantined);
  }

  passed(result: PassResult): void {
    this.#last = result;
    this.#isUnchanged &&= result.isUnchanged;
    this.#bytesRead += result.bytesRead;
    this.#rotated = result.rotated ?? this.#rotated;
    this.#counts = addCounts(this.#counts, result.counts);
    this.#damaged.push(...result.damagedLines);
    for (const path of result.outputsWritten) this.#outputs.add(path);
    this.#rebuiltBecause ??= result.rebuiltBecause;
  }

  report(): UpdateReport {
    const { lines, entries, repeated, replaced, damaged } = this.#counts;
    return {
      outcome: this.#outcome(),
      rebuiltBecause: this.#rebuiltBecause,
      lines,
      entries,
      repeated,
      replaced,
      damaged: this.#damaged.slice(0, NAMED_DAMAGED_LINES),
      damagedLines: damaged,
      bytesRead: this.#bytesRead,
      outputsWritten: [...this.#outputs],
      rotated: this.#rotated,
      pending: { merged: this.#merged, quarantined: this.#quarantined },
      totals: this.#totals(),
      durationMs: this.#clock.monotonicMs() - this.#startMs,
      custom: this.#last?.custom ?? {},
    };
  }

  #outcome(): UpdateReport['outcome'] {
    if (this.#last === undefined) return 'left-to-holder';
    if (this.#rebuiltBecause !== null) return 'rebuilt';
    return this.#isUnchanged ? 'unchanged' : 'updated';
  }

  #totals(): HistoryTotals | null {
    return this.#last === undefined
      ? null
      : totalsOf({ counts: this.#last.totals, segments: this.#last.segments });
  }
}

export function totalsOf({
  counts,
  segments,
}: Pick<Checkpoint, 'counts' | 'segments'>): HistoryTotals {
  const { runs, lines, damaged } = counts;
  return { runs, lines, damagedLines: damaged, segments: segments.length };
}
