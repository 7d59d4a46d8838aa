import { join } from 'node:path';

import {
  appendEntry,
  createMetricsLayout,
  findEntry,
  readEntries,
  updateAggregates,
} from '@codex-orchestrator/metrics';
import type { MetricsLayout } from '@codex-orchestrator/metrics';

import { BenchError, messageOf } from '../errors.js';
import type { BenchResults } from '../results/result.js';
import { benchEntry, benchTaskId } from './bench-entry.js';
import type { TrendPoint } from './trend.js';

/** Where the history of the gate lies in a workspace. */
export function benchHistoryLayout(root: string): MetricsLayout {
  return createMetricsLayout({
    taskId: benchTaskId,
    runsDir: join(root, '.runs'),
    outDir: join(root, 'out'),
  });
}

export interface RecordedResults {
  readonly appended: number;
  /** Results that the history had already. */
  readonly known: number;
}

/**
 * Adds results to the history that it does not have, and brings its aggregates up to date.
 *
 * @throws BenchError `HISTORY_WRITE_FAILED`
 */
export async function recordResults(
  root: string,
  results: readonly BenchResults[],
  nowMs: number,
): Promise<RecordedResults> {
  const layout = benchHistoryLayout(root);
  let appended = 0;
  try {
    for (const each of results) {
      const entry = benchEntry(each, nowMs);
      if ((await findEntry(layout, entry.run_id, 1)) !== undefined) continue;
      await appendEntry(layout, entry);
      appended += 1;
    }
    await updateAggregates(layout);
  } catch (cause) {
    const path = layout.historyPath;
    const message = `Cannot add results to the history "${path}": ${messageOf(cause)}`;
    throw new BenchError('HISTORY_WRITE_FAILED', message, { path, cause });
  }
  return { appended, known: results.length - appended };
}

/** The numbers of all results in the history, in its order; nothing where there is none. */
export async function readTrendPoints(root: string): Promise<readonly TrendPoint[]> {
  const points: TrendPoint[] = [];
  for await (const { entry } of readEntries(benchHistoryLayout(root))) {
    points.push(...pointsOf(entry));
  }
  return points;
}

/** Other writers may add entries too: what is not as it should be is left out. */
function pointsOf(entry: Readonly<Record<string, unknown>>): readonly TrendPoint[] {
  const machine = text(membersOf(entry['machine'])['id']);
  return list(membersOf(entry['bench'])['guards']).flatMap((kept) => {
    const { guard, measures } = membersOf(kept);
    return list(measures)
      .map(membersOf)
      .flatMap(({ name, unit, value }) =>
        typeof value === 'number' && Number.isFinite(value)
          ? [{ guard: text(guard), measure: text(name), unit: text(unit), value, machine }]
          : [],
      );
  });
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
