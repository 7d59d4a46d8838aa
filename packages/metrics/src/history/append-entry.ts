import { nodeFileSystem, systemClock } from '@codex-orchestrator/core';
import type { Clock, Durability, FileSystem } from '@codex-orchestrator/core';

import { encodeEntry } from '../entry/encode-entry.js';
import type { MetricsEntry } from '../entry/entry.js';
import { MetricsError } from '../errors.js';
import type { MetricsLayout } from '../layout.js';
import { appendLines } from './append-lines.js';
import type { AppendedLines } from './append-lines.js';
import { MAX_LINE_BYTES } from './max-line-bytes.js';

export interface AppendEntryOptions {
  /**
   * `power` makes the entry outlive a loss of power too, at the price of a sync.
   *
   * @default 'process'
   */
  readonly durability?: Durability;
  readonly fs?: FileSystem;
  readonly clock?: Clock;
}

/**
 * Adds an entry to the end of the history, whatever else is going on with it: no lock is taken and nobody
 * waited for, at a cost that does not depend on the length of the history. It is there when the promise
 * resolves; the aggregates know it after the next update. Folders are made as needed.
 *
 * @throws MetricsError `ENTRY_INVALID` when the entry lacks a run id, a status or a time, or is so long
 * (more than 16 MiB) that no reader would count it;
 * `HISTORY_WRITE_FAILED`, after which the history may have the entry, or a part of it as a damaged line.
 */
export function appendEntry(
  layout: MetricsLayout,
  entry: MetricsEntry,
  options: AppendEntryOptions = {},
): Promise<AppendedLines> {
  const { durability = 'process', fs = nodeFileSystem, clock = systemClock } = options;
  return new Promise((resolve) => {
    const lines = Buffer.from(`${encodeEntry(entry)}\n`);
    expectReadable(lines, entry);
    resolve(appendLines(layout.historyPath, lines, { durability, fs, clock }));
  });
}

function expectReadable(line: Buffer, { run_id: runId }: MetricsEntry): void {
  if (line.byteLength - 1 <= MAX_LINE_BYTES) return;
  const message = `Expected an entry of at most ${MAX_LINE_BYTES} bytes, that of run "${runId}" has ${line.byteLength - 1}`;
  throw new MetricsError('ENTRY_INVALID', message);
}
