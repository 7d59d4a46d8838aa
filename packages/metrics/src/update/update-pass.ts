import { nodeFileSystem } from '@codex-orchestrator/core';

import type { Checkpoint } from '../checkpoint/checkpoint.js';
import { readCheckpoint } from '../checkpoint/read-checkpoint.js';
import { epochs } from '../fold/epochs.js';
import { listSegments } from '../history/segments.js';
import type { Segment } from '../history/segments.js';
import { RunIndexUnusable } from '../index/index-mark.js';
import { nextGeneration } from '../index/remove-indexes.js';
import { RunIndexBuilder } from '../index/run-index-builder.js';
import { RunIndex } from '../index/run-index.js';
import { commitPass } from './commit-pass.js';
import { countSegments } from './count-segments.js';
import type { CountedSegments } from './count-segments.js';
import { EntryStore } from './entry-store.js';
import { estimateLines } from './estimate-lines.js';
import { HistoryFold } from './history-fold.js';
import { startOver, stateOf } from './history-state.js';
import type { CountedBefore, NothingCounted } from './history-state.js';
import { findMovedOutputs, readBaselineFile } from './outputs.js';
import type { PassRequest, PassResult } from './pass.js';
import { emptyResult, unchangedResult } from './pass.js';
import { countInParallel } from './parallel/count-in-parallel.js';
import type { ParallelRequest } from './parallel/count-in-parallel.js';
import { splitHistory } from './parallel/split-history.js';
import { isFull } from './rotation.js';
import { isSeen } from './seen-segment.js';

/** Brings checkpoint and documents up to date with the history once. The caller holds the lock. */
export async function updateOnce(request: PassRequest): Promise<PassResult> {
  const { layout, ports, reducers, mode } = request;
  const segments = listSegments(layout, { fs: ports.fs });
  const reading = readCheckpoint(layout, ports.fs);
  const state = stateOf(reading, { segments, reducers, fs: ports.fs });
  if (segments.length === 0 && state.because === 'no-checkpoint')
    return emptyResult(state, request);
  const isAsked = mode === 'rebuild';
  if (state.because !== null) {
    return countAnew(request, segments, isAsked ? { ...state, because: 'asked' } : state);
  }
  if (isAsked) return countAnew(request, segments, startOver(state, 'asked', reducers));
  if (mode === 'update' && isUpToDate(state, segments, request)) {
    return unchangedResult(state, request);
  }
  try {
    return await countOn(request, segments, state);
  } catch (error) {
    if (!(error instanceof RunIndexUnusable)) throw error;
    return countAnew(request, segments, startOver(state, 'index-unusable', reducers));
  }
}

/** Nothing was appended, and nobody took away or changed what was written. */
function isUpToDate(
  { checkpoint }: CountedBefore,
  segments: readonly Segment[],
  { layout, ports, rotation }: PassRequest,
): boolean {
  const { segments: marks, outputs, counts } = checkpoint;
  return (
    segments.length === marks.length &&
    marks.every((mark, ordinal) => isSeen(mark, segments[ordinal])) &&
    !isFull(marks.at(-1), rotation) &&
    findMovedOutputs(layout, outputs, ports.fs).length === 0 &&
    (counts.entries === 0 || readBaselineFile(layout, ports.fs) !== undefined)
  );
}

async function countOn(
  request: PassRequest,
  segments: readonly Segment[],
  state: CountedBefore,
): Promise<PassResult> {
  const { layout, ports } = request;
  const { checkpoint, fold } = state;
  const marks = checkpoint.segments;
  using store = new EntryStore(segments, ports.fs);
  using index = RunIndex.open(layout, checkpoint.index, {
    ...ports,
    committed: marks.map(({ committed }) => committed),
  });
  const history = new HistoryFold({ fold, index, store, isBulk: false });
  const counted = await countSegments({ ...request, ...ports, segments, marks, store, history });
  const before = {
    bytesRead: state.bytesRead + index.bytesRead + store.bytesRead,
    counts: checkpoint.counts,
    damaged: checkpoint.damaged,
    outputs: checkpoint.outputs,
    epochs: isWholeLines(checkpoint) ? checkpoint.reducers[epochs.id]?.state : undefined,
  };
  const finishIndex = (): ReturnType<RunIndex['flush']> => index.flush();
  return await commitPass({ request, because: null, fold, history, counted, before, finishIndex });
}

/** Whether documents were made of what the checkpoint has and of nothing provisional. */
function isWholeLines({ segments }: Checkpoint): boolean {
  return segments.every(({ compressed, committed, bytes }) => compressed || committed === bytes);
}

/** Enough for ten million runs: a larger table is kept on disk, where look-ups are system calls. */
const MAX_INDEX_MEMORY_BYTES = 256 * 1024 * 1024;

async function countAnew(
  request: PassRequest,
  segments: readonly Segment[],
  { because, fold, outputs, bytesRead }: NothingCounted,
): Promise<PassResult> {
  const { layout, ports } = request;
  ports.fs.mkdir(layout.aggregatesDir, { recursive: true });
  const expectedRuns = estimateLines(segments, ports.fs);
  using store = new EntryStore(segments, ports.fs);
  using index = new RunIndexBuilder(layout, {
    ...ports,
    generation: nextGeneration(layout, ports.fs),
    expectedRuns,
    maxMemoryBytes: MAX_INDEX_MEMORY_BYTES,
  });
  const history = new HistoryFold({ fold, index, store, isBulk: true });
  const parts = { ...request, ...ports, segments, expectedRuns, store, fold, index, history };
  const counted = await countAll(parts);
  const before = {
    bytesRead: bytesRead + store.bytesRead,
    counts: undefined,
    damaged: [],
    outputs,
    epochs: undefined,
  };
  const finishIndex = (): ReturnType<RunIndex['flush']> => index.finish();
  return await commitPass({ request, because, fold, history, counted, before, finishIndex });
}

async function countAll(
  request: Omit<ParallelRequest, 'split' | 'worker'> & PassRequest,
): Promise<CountedSegments> {
  const { parallel, segments, reducers, index, history, fs } = request;
  // Reducers of the caller are functions, which no other thread can have.
  if (parallel !== undefined && reducers.length === 0 && fs === nodeFileSystem && !index.isOnDisk) {
    const split = splitHistory(segments, parallel.minBytes, fs);
    if (split) return countInParallel({ ...request, split, worker: parallel.worker });
  }
  const counted = await countSegments({ ...request, marks: [] });
  history.settle();
  return counted;
}
