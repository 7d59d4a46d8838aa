import { compactSegment, measureCompaction } from '../history/compact-segment.js';
import { listSegments } from '../history/segments.js';
import type { Segment } from '../history/segments.js';
import type { MetricsLayout } from '../layout.js';
import { portsOf, withLockedUpdate } from './update-aggregates.js';
import type { UpdateOptions } from './update-report.js';
import { MetricsError } from '../errors.js';

export interface PruneOptions extends UpdateOptions {
  /** How many of the closed segments stay as they are, the newest ones. */
  readonly keep: number;
  /** Whether to say only what would be done. @default false */
  readonly dryRun?: boolean;
}

export interface PrunedSegment {
  readonly name: string;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
}

export interface PruneReport {
  readonly pruned: readonly PrunedSegment[];
  /** Names of the segments that stay as they are. */
  readonly kept: readonly string[];
  readonly dryRun: boolean;
}

/**
 * Takes out of old segments what aggregates don't ask for: each entry stays as a short line, so that it
 * still counts, can be replaced by a later attempt, and a rebuild comes to the same. Reducers of the
 * caller's own find only what these short lines have.
 *
 * @throws MetricsError `INVALID_OPTION`, `HISTORY_WRITE_FAILED`; as `updateAggregates`; CoreError
 * `LOCK_TIMEOUT`.
 */
export async function pruneHistory(
  layout: MetricsLayout,
  options: PruneOptions,
): Promise<PruneReport> {
  const { keep, dryRun = false } = options;
  if (!Number.isSafeInteger(keep) || keep < 0) {
    const expected = 'Expected the `keep` option to be a number of segments';
    throw new MetricsError('INVALID_OPTION', `${expected}, got \`${keep}\``);
  }
  if (dryRun) return planPruning(layout, options);
  const pruned: PrunedSegment[] = [];
  const kept: string[] = [];
  await withLockedUpdate(layout, options, 'update', async (ports) => {
    const { old, others } = divide(listSegments(layout, ports), keep);
    kept.push(...others);
    for (const segment of old) {
      const report = await compactSegment(layout, segment, ports);
      if (report.outcome === 'left') kept.push(segment.name);
      else pruned.push({ name: segment.name, ...sizesOf(report) });
    }
  });
  return { pruned, kept, dryRun };
}

async function planPruning(layout: MetricsLayout, options: PruneOptions): Promise<PruneReport> {
  const { fs } = portsOf(options);
  const { old, others } = divide(listSegments(layout, { fs }), options.keep);
  const pruned: PrunedSegment[] = [];
  const kept = [...others];
  for (const segment of old) {
    const { bytesAfter } = await measureCompaction(segment, { fs });
    if (bytesAfter >= segment.bytes) kept.push(segment.name);
    else pruned.push({ name: segment.name, bytesBefore: segment.bytes, bytesAfter });
  }
  return { pruned, kept, dryRun: true };
}

function divide(
  segments: readonly Segment[],
  keep: number,
): { readonly old: readonly Segment[]; readonly others: readonly string[] } {
  const closed = segments.filter(({ live }) => !live);
  const oldCount = Math.max(0, closed.length - keep);
  const others = segments.filter((segment) => !closed.slice(0, oldCount).includes(segment));
  return { old: closed.slice(0, oldCount), others: others.map(({ name }) => name) };
}

function sizesOf({
  bytesBefore,
  bytesAfter,
}: Omit<PrunedSegment, 'name'>): Omit<PrunedSegment, 'name'> {
  return { bytesBefore, bytesAfter };
}
