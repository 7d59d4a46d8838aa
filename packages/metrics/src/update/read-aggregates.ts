import { CoreError, messageOf, nodeFileSystem, readJson } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import { readCheckpoint } from '../checkpoint/read-checkpoint.js';
import { MetricsError } from '../errors.js';
import type { Documents } from '../fold/document-types.js';
import type { MetricsLayout } from '../layout.js';
import { outputPaths, readBaselineFile } from './outputs.js';
import type { HistoryTotals } from './update-report.js';
import { totalsOf } from './update-tally.js';

/** The documents as they lie on disk; null for each that is not there. */
export type Aggregates = {
  readonly [Name in keyof Required<Documents>]: Required<Documents>[Name] | null;
} & {
  /** How far the history is counted; null before the first update. */
  readonly checkpoint: (HistoryTotals & { readonly updatedAt: string }) | null;
  /** Paths of documents that are there and say nothing usable: the next update writes them again. */
  readonly damaged: readonly string[];
};

export interface ReadAggregatesOptions {
  readonly fs?: FileSystem;
}

/**
 * What was last written. Each document is whole; while somebody updates, some can be newer than others.
 *
 * @throws MetricsError `HISTORY_UNREADABLE` when a document cannot be read.
 */
export async function readAggregates(
  layout: MetricsLayout,
  { fs = nodeFileSystem }: ReadAggregatesOptions = {},
): Promise<Aggregates> {
  const damaged: string[] = [];
  const documents: Record<string, unknown> = {};
  for (const [name, path] of Object.entries(outputPaths(layout)) as [DocumentName, string][]) {
    const document = await readDocument(path, fs);
    const isUsable = hasMembers(document, firstMembers[name]);
    documents[name] = isUsable ? document : null;
    if (document !== undefined && !isUsable) damaged.push(path);
  }
  const reading = readCheckpoint(layout, fs);
  return {
    ...(documents as Omit<Aggregates, 'baseline' | 'checkpoint' | 'damaged'>),
    baseline: readBaselineFile(layout, fs) ?? null,
    checkpoint:
      reading.kind === 'read'
        ? { ...totalsOf(reading.checkpoint), updatedAt: reading.checkpoint.updated_at }
        : null,
    damaged,
  };
}

type DocumentName = keyof ReturnType<typeof outputPaths>;

/** By which a document is known from what somebody else put in its place. */
const firstMembers: Readonly<Record<DocumentName, readonly string[]>> = {
  postRollout: ['total_runs', 'succeeded_runs'],
  completeness: ['checked_fields', 'missing_counts'],
  perEpoch: ['epochs'],
  mttrDelta: ['baseline_mttr_seconds', 'current_mttr_seconds'],
  learningState: ['safety', 'throughput', 'alerts'],
  summary: ['totals', 'pipelines', 'last_runs', 'trend'],
};

function hasMembers(document: unknown, names: readonly string[]): boolean {
  if (typeof document !== 'object' || document === null) return false;
  return names.every((name) => Object.hasOwn(document, name));
}

/** `undefined` where there is none, null where it is no JSON. */
async function readDocument(path: string, fs: FileSystem): Promise<unknown> {
  try {
    return await readJson(path, { fs });
  } catch (cause) {
    if (cause instanceof CoreError && cause.errno === 'ENOENT') return undefined;
    if (cause instanceof CoreError && cause.code === 'INVALID_JSON') return null;
    const message = `Cannot read the aggregates "${path}": ${messageOf(cause)}`;
    throw new MetricsError('HISTORY_UNREADABLE', message, { path, cause });
  }
}
