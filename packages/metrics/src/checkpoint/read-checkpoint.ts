import { codeOf, messageOf, nodeFileSystem, readFile } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import { MAX_CAPACITY_BITS, MIN_CAPACITY_BITS } from '../index/index-file.js';
import type { MetricsLayout } from '../layout.js';
import {
  anything,
  boolean,
  count,
  isObject,
  listOf,
  number,
  recordOf,
  shape,
  text,
} from './check-shape.js';
import type { Check } from './check-shape.js';
import { CHECKPOINT_VERSION, openEncoded } from './checkpoint.js';
import type { Checkpoint } from './checkpoint.js';

/**
 * Why a checkpoint cannot be used. `damaged`: it is torn or was edited; `other-version`: a program of
 * another version wrote it; `other-task`: it was copied here; `malformed`: it does not say what a
 * checkpoint says.
 */
export type CheckpointProblem =
  'damaged' | 'malformed' | 'other-task' | 'other-version' | 'unreadable';

export type CheckpointReading =
  | { readonly kind: 'none' }
  | { readonly kind: 'unusable'; readonly problem: CheckpointProblem; readonly detail: string }
  | { readonly kind: 'read'; readonly checkpoint: Checkpoint; readonly bytes: number };

const MAX_BYTES = 256 * 1024 * 1024;

/** Reads the checkpoint of a task. Never throws: without a usable one the history is counted anew. */
export function readCheckpoint(
  layout: Pick<MetricsLayout, 'checkpointPath' | 'taskId'>,
  fs: FileSystem = nodeFileSystem,
): CheckpointReading {
  try {
    return decodeCheckpoint(readFile(fs, layout.checkpointPath, MAX_BYTES), layout.taskId);
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? { kind: 'none' } : unusable('unreadable', messageOf(error));
  }
}

/** What `encodeCheckpoint` gave, or why it is not that. Never throws. */
export function decodeCheckpoint(bytes: Buffer, taskId: string): CheckpointReading {
  const encoded = openEncoded(bytes);
  if (encoded === undefined) return unusable('damaged', 'its checksum is another one');
  const value = parse(encoded);
  if (!isObject(value)) return unusable('malformed', 'it is no JSON object');
  if (value['version'] !== CHECKPOINT_VERSION) {
    return unusable('other-version', `its version is not ${CHECKPOINT_VERSION}`);
  }
  if (value['task_id'] !== taskId) return unusable('other-task', 'it belongs to another task');
  const wrong = checkCheckpoint(value);
  if (wrong !== undefined) return unusable('malformed', `its "${wrong.slice(1)}" is unusable`);
  return { kind: 'read', checkpoint: withoutPrototypes(value), bytes: bytes.byteLength };
}

function unusable(problem: CheckpointProblem, detail: string): CheckpointReading {
  return { kind: 'unusable', problem, detail };
}

function parse(encoded: string): unknown {
  try {
    return JSON.parse(encoded) as unknown;
  } catch {
    return undefined;
  }
}

/** So that a look-up by an id never finds what all objects have. The shape was checked. */
function withoutPrototypes(value: unknown): Checkpoint {
  const checkpoint = value as Checkpoint;
  Object.setPrototypeOf(checkpoint.reducers, null);
  Object.setPrototypeOf(checkpoint.outputs, null);
  return checkpoint;
}

const capacity: Check = (value) => {
  const bits = Math.log2(Number(value));
  const isUsable = Number.isInteger(bits) && bits >= MIN_CAPACITY_BITS && bits <= MAX_CAPACITY_BITS;
  return count(value) ?? (isUsable ? undefined : '');
};

const hex64: Check = (value) =>
  typeof value === 'string' && /^[0-9a-f]{16}$/.test(value) ? undefined : '';

const generation: Check = (value) => count(value) ?? (Number(value) < 2 ** 31 ? undefined : '');

const file = { bytes: count, mtime_ms: number, inode: number };

const checkCheckpoint = shape({
  segments: listOf(
    shape({
      name: text,
      live: boolean,
      compressed: boolean,
      committed: count,
      lines: count,
      fingerprint: text,
      ...file,
    }),
  ),
  counts: shape({
    lines: count,
    entries: count,
    runs: count,
    repeated: count,
    replaced: count,
    damaged: count,
  }),
  damaged: listOf(shape({ segment: text, offset: count, bytes: count, reason: text })),
  reducers: recordOf(shape({ version: number, state: anything })),
  index: shape({
    generation,
    id: hex64,
    capacity,
    used: count,
    digest: hex64,
    sequence: count,
    boot: text,
    inode: number,
  }),
  outputs: recordOf(shape({ digest: text, ...file })),
  updated_at: text,
});
