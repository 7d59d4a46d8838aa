import type { FileSystem } from '@codex-orchestrator/core';

import type { Checkpoint } from '../checkpoint/checkpoint.js';
import type { CheckpointReading } from '../checkpoint/read-checkpoint.js';
import { builtInReducers } from '../fold/built-in.js';
import { Fold } from '../fold/fold.js';
import type { AnyReducer } from '../fold/fold.js';
import type { Segment } from '../history/segments.js';
import { fingerprintOfFile } from './count-segments.js';
import { findChange } from './find-change.js';
import type { RebuildReason } from './update-report.js';

/** Where counting begins. */
export type HistoryState = CountedBefore | NothingCounted;

/** The checkpoint stands for the beginning of the history as it is. */
export interface CountedBefore {
  readonly because: null;
  readonly checkpoint: Checkpoint;
  readonly fold: Fold;
  readonly bytesRead: number;
}

export interface NothingCounted {
  readonly because: RebuildReason;
  /** The documents on disk, as far as it is known how they were written. */
  readonly outputs: Checkpoint['outputs'];
  readonly fold: Fold;
  readonly bytesRead: number;
}

export interface StateRequest {
  readonly segments: readonly Segment[];
  /** Those of the caller. */
  readonly reducers: readonly AnyReducer[];
  readonly fs: FileSystem;
}

/** What was counted before, where it can be counted on. */
export function stateOf(reading: CheckpointReading, request: StateRequest): HistoryState {
  const { reducers } = request;
  const all = [...builtInReducers(), ...reducers];
  if (reading.kind !== 'read') {
    const because = reading.kind === 'none' ? 'no-checkpoint' : 'checkpoint-unusable';
    return { because, outputs: {}, fold: new Fold(all), bytesRead: 0 };
  }
  const { checkpoint, bytes: bytesRead } = reading;
  const change = hasOtherReducers(checkpoint, all)
    ? 'reducers-changed'
    : changeSince(checkpoint, request);
  const fold = change === undefined ? Fold.decode(all, checkpoint.reducers) : undefined;
  if (fold !== undefined) return { because: null, checkpoint, fold, bytesRead };
  return startOver({ checkpoint, bytesRead }, change ?? 'checkpoint-unusable', reducers);
}

/** What forbids to take the segments for those that the checkpoint is of. */
export function changeSince(
  { segments: marks }: Checkpoint,
  { segments, fs }: Pick<StateRequest, 'fs' | 'segments'>,
): RebuildReason | undefined {
  return findChange({
    marks,
    segments,
    isIntact: ({ committed, compressed, bytes, fingerprint }, { path }) =>
      fingerprintOfFile(path, compressed ? bytes : committed, fs) === fingerprint,
  });
}

/** Counts anew what was counted before. `reducers` are those of the caller. */
export function startOver(
  { checkpoint, bytesRead }: Pick<CountedBefore, 'bytesRead' | 'checkpoint'>,
  because: RebuildReason,
  reducers: readonly AnyReducer[],
): NothingCounted {
  return {
    because,
    outputs: checkpoint.outputs,
    fold: new Fold([...builtInReducers(), ...reducers]),
    bytesRead,
  };
}

function hasOtherReducers(checkpoint: Checkpoint, reducers: readonly AnyReducer[]): boolean {
  const known = Object.keys(checkpoint.reducers);
  return (
    known.length !== reducers.length ||
    reducers.some(({ id, version }) => checkpoint.reducers[id]?.version !== version)
  );
}
