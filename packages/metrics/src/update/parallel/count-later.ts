import { nodeFileSystem } from '@codex-orchestrator/core';

import { builtInReducers } from '../../fold/built-in.js';
import { Fold } from '../../fold/fold.js';
import { RunIndexBuilder } from '../../index/run-index-builder.js';
import { countSegments } from '../count-segments.js';
import { EntryStore } from '../entry-store.js';
import { HistoryFold } from '../history-fold.js';
import type { UpdateProgress } from '../update-report.js';
import type { LaterHalf, LaterRequest } from './later-half.js';
import { markAt } from './split-history.js';

/** Counts the second half of a history as if nothing came before it. */
export async function countLater(
  { segments, split, expectedRuns }: LaterRequest,
  onProgress: (progress: UpdateProgress) => void,
): Promise<LaterHalf> {
  const fs = nodeFileSystem;
  const fold = new Fold(builtInReducers());
  using store = new EntryStore(segments, fs);
  using index = new RunIndexBuilder(inMemory, {
    generation: 1,
    expectedRuns,
    maxMemoryBytes: Infinity,
  });
  const history = new HistoryFold({ fold, index, store, isBulk: true });
  const { ordinal, offset } = split;
  const marks = segments.map((segment, at) => {
    if (at < ordinal) return markAt(segment);
    return at === ordinal && offset > 0 ? markAt(segment, offset) : undefined;
  });
  const counted = await countSegments({ segments, marks, store, history, fs, onProgress });
  const { counts, damagedLines, recentPlaces } = history;
  const { slots } = index;
  if (slots === undefined) throw new Error('Internal error: the run index is not in memory');
  return {
    ...counted,
    bytesRead: counted.bytesRead + store.bytesRead,
    reducers: fold.encode(),
    counts,
    damagedLines,
    recentPlaces,
    slots,
  };
}

const inMemory = {
  runIndexPath(): string {
    throw new Error('Internal error: no file is to be made');
  },
};
