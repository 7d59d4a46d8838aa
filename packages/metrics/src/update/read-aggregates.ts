import { nodeFileSystem, readJson, CoreError } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import { readCheckpoint } from '../checkpoint/read-checkpoint.js';
import { MetricsError, messageOf } from '../errors.js';
import type { BaselineDocument, Documents } from '../fold/document-types.js';
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
};

export interface ReadAggregatesOptions {
  readonly fs?: FileSystem;
}

/**
 * What was last written. Each document is whole; while somebody updates, some can be newer than others.
 *
 * @throws MetricsError `HISTORY_UNREADABLE` when a document is no JSON or cannot be read.
 */
export async function readAggregates(
  layout: MetricsLayout,
  { fs = nodeFileSystem }: ReadAggregatesOptions = {},
): Promise<Aggregates> {
  const paths = outputPaths(layout);
  const reading = readCheckpoint(layout, fs);
  return {
    baseline: readBaselineFile(layout, fs) ?? null,
    postRollout: await readDocument(paths.postRollout, fs),
    completeness: await readDocument(paths.completeness, fs),
    perEpoch: await readDocument(paths.perEpoch, fs),
    mttrDelta: await readDocument(paths.mttrDelta, fs),
    learningState: await readDocument(paths.learningState, fs),
    summary: await readDocument(paths.summary, fs),
    checkpoint:
      reading.kind === 'read'
        ? { ...totalsOf(reading.checkpoint), updatedAt: reading.checkpoint.updated_at }
        : null,
  };
}

/** Only this package writes them; of what others put there, readers see what it says. */
async function readDocument<T>(path: string, fs: FileSystem): Promise<T | null> {
  try {
    return (await readJson(path, { fs })) as T;
  } catch (cause) {
    if (cause instanceof CoreError && cause.errno === 'ENOENT') return null;
    const message = `Cannot read the aggregates "${path}": ${messageOf(cause)}`;
    throw new MetricsError('HISTORY_UNREADABLE', message, { path, cause });
  }
}

export type { BaselineDocument };
