import { nodeFileSystem } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import type { Checkpoint, CheckpointCounts } from '../checkpoint/checkpoint.js';
import { readCheckpoint } from '../checkpoint/read-checkpoint.js';
import type { CheckpointReading } from '../checkpoint/read-checkpoint.js';
import { builtInReducers } from '../fold/built-in.js';
import { Fold } from '../fold/fold.js';
import { surveySegments } from '../history/segments.js';
import type { Segment, SegmentSurvey } from '../history/segments.js';
import { nextGeneration } from '../index/remove-indexes.js';
import { RunIndexBuilder } from '../index/run-index-builder.js';
import type { MetricsLayout } from '../layout.js';
import { findLeftFiles } from './check-left-files.js';
import { countSegments } from './count-segments.js';
import { EntryStore } from './entry-store.js';
import { estimateLines } from './estimate-lines.js';
import type { HistoryFinding } from './history-finding.js';
import { HistoryFold, noCounts } from './history-fold.js';
import { stateOf } from './history-state.js';
import { findMovedOutputs, readBaselineFile } from './outputs.js';
import type { HistoryTotals, UpdateProgress } from './update-report.js';
import { totalsOf } from './update-tally.js';

export interface CheckOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: UpdateProgress) => void;
  readonly fs?: FileSystem;
}

export interface HistoryCheck {
  readonly findings: readonly HistoryFinding[];
  /** Of what is counted; null without a usable checkpoint. */
  readonly totals: HistoryTotals | null;
}

/**
 * Looks for what is wrong with a history and its aggregates, and changes nothing: it counts everything
 * once more and compares.
 *
 * @throws MetricsError `HISTORY_UNREADABLE`; the reason of an aborted signal.
 */
export async function checkHistory(
  layout: MetricsLayout,
  options: CheckOptions = {},
): Promise<HistoryCheck> {
  const { fs = nodeFileSystem } = options;
  const survey = surveySegments(layout, { fs });
  const reading = readCheckpoint(layout, fs);
  const findings = [
    ...refusedSegments(survey),
    ...checkpointFindings(layout, reading, survey),
    ...baselineFindings(layout, fs),
    ...findLeftFiles(layout, fs),
  ];
  if (reading.kind !== 'read') return { findings, totals: null };
  const { checkpoint } = reading;
  const totals = totalsOf(checkpoint);
  const change = changeFindings(layout, reading, { segments: survey.segments, fs });
  if (change.length > 0) return { findings: [...findings, ...change], totals };
  return {
    findings: [
      ...findings,
      ...movedOutputs(layout, checkpoint, fs),
      ...(await recount(layout, survey.segments, { checkpoint, fs, options })),
    ],
    totals,
  };
}

function refusedSegments({ refused }: SegmentSurvey): HistoryFinding[] {
  return refused.map(({ path, reason }) => ({
    severity: 'warning',
    code: 'SEGMENT_REFUSED',
    path,
    message:
      reason === 'symlink'
        ? 'It has the name of a segment and is a symlink: what it leads to is not counted'
        : 'It has the name of a segment and is no regular file',
  }));
}

function checkpointFindings(
  { checkpointPath: path }: MetricsLayout,
  reading: CheckpointReading,
  { segments }: SegmentSurvey,
): HistoryFinding[] {
  const fix = 'codex-orchestrator metrics update';
  if (reading.kind === 'unusable') {
    const message = `The checkpoint cannot be used: ${reading.detail}; the next update counts anew`;
    return [{ severity: 'warning', code: 'CHECKPOINT_UNUSABLE', path, message, fix }];
  }
  if (reading.kind === 'none') {
    if (segments.length === 0) return [];
    const message = 'The history has not been counted yet';
    return [{ severity: 'info', code: 'NOT_COUNTED', path, message, fix }];
  }
  return pendingBytes(reading.checkpoint, segments);
}

function pendingBytes(
  { segments: marks }: Checkpoint,
  segments: readonly Segment[],
): HistoryFinding[] {
  return segments.flatMap(({ path, bytes, compressed }, ordinal): HistoryFinding[] => {
    const committed = marks[ordinal]?.committed ?? 0;
    if (compressed || bytes <= committed) return [];
    const message = `${bytes - committed} bytes are not counted yet`;
    const fix = 'codex-orchestrator metrics update';
    return [{ severity: 'info', code: 'UPDATE_PENDING', path, offset: committed, message, fix }];
  });
}

function baselineFindings(layout: MetricsLayout, fs: FileSystem): HistoryFinding[] {
  if (readBaselineFile(layout, fs) !== null) return [];
  const message = 'The baseline cannot be read: runs are compared with the mean of all runs';
  const fix = 'codex-orchestrator metrics baseline clear';
  const path = layout.baselinePath;
  return [{ severity: 'warning', code: 'BASELINE_UNUSABLE', path, message, fix }];
}

function changeFindings(
  { taskDir: path }: MetricsLayout,
  reading: CheckpointReading,
  history: { readonly segments: readonly Segment[]; readonly fs: FileSystem },
): HistoryFinding[] {
  const { because } = stateOf(reading, { ...history, reducers: [] });
  // Reducers that only their owner knows are counted by nobody else.
  if (because === null || because === 'reducers-changed') return [];
  const message = `The history is not what was counted (${because}); the next update counts anew`;
  const fix = 'codex-orchestrator metrics update';
  return [{ severity: 'warning', code: 'HISTORY_CHANGED', path, message, fix }];
}

function movedOutputs(
  layout: MetricsLayout,
  { outputs }: Checkpoint,
  fs: FileSystem,
): HistoryFinding[] {
  return findMovedOutputs(layout, outputs, fs).map((path) => ({
    severity: 'warning',
    code: 'OUTPUT_CHANGED',
    path,
    message: 'The document is not there as it was written; the next update writes it again',
    fix: 'codex-orchestrator metrics update',
  }));
}

interface Recount {
  readonly checkpoint: Checkpoint;
  readonly fs: FileSystem;
  readonly options: CheckOptions;
}

/** Counts what the checkpoint has counted, from the files alone. */
async function recount(
  layout: MetricsLayout,
  segments: readonly Segment[],
  { checkpoint, fs, options }: Recount,
): Promise<HistoryFinding[]> {
  const counted = checkpoint.segments.flatMap(({ committed, compressed }, ordinal) => {
    const segment = segments[ordinal];
    if (segment === undefined) return [];
    return [compressed ? segment : { ...segment, bytes: committed }];
  });
  using store = new EntryStore(segments, fs);
  using index = new RunIndexBuilder(layout, {
    generation: nextGeneration(layout, fs),
    expectedRuns: estimateLines(counted, fs),
    fs,
  });
  const fold = new Fold(builtInReducers());
  const history = new HistoryFold({ fold, index, store, isBulk: true });
  await countSegments({ ...options, segments: counted, marks: [], store, history, fs });
  history.settle();
  return [
    ...damagedLines(layout, history),
    ...(isSame(checkpoint, fold, history) ? [] : [differing(layout)]),
  ];
}

function damagedLines({ taskDir }: MetricsLayout, history: HistoryFold): HistoryFinding[] {
  return history.damagedLines.map(({ segment, offset, byteLength, reason }) => ({
    severity: 'warning',
    code: 'LINE_DAMAGED',
    path: `${taskDir}/${segment}`,
    offset,
    message: `${byteLength} bytes are no entry (${reason}); they are not counted`,
  }));
}

function isSame(
  { counts, reducers }: Checkpoint,
  fold: Fold,
  { counts: again }: HistoryFold,
): boolean {
  const names = Object.keys(noCounts) as (keyof CheckpointCounts)[];
  return (
    names.every((name) => counts[name] === again[name]) &&
    Object.entries(fold.encode()).every(
      ([id, part]) => JSON.stringify(part) === JSON.stringify(reducers[id]),
    )
  );
}

function differing({ checkpointPath: path }: MetricsLayout): HistoryFinding {
  const message = 'What was counted is not what the history says';
  const fix = 'codex-orchestrator metrics rebuild';
  return { severity: 'error', code: 'AGGREGATES_DIFFER', path, message, fix };
}
