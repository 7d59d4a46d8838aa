import type { JsonValue } from '../fold/reducer.js';
import type { IndexMark } from '../index/index-mark.js';
import { checksumText } from './checksum.js';

/** Raised when older programs would misread what is written. */
export const CHECKPOINT_VERSION = 1;

/** How far one segment is counted, and how it is recognised. */
export interface SegmentMark {
  /** Of its file. */
  readonly name: string;
  readonly live: boolean;
  readonly compressed: boolean;
  /** Bytes that are counted, up to and with a newline; in a compressed segment, of what it unpacks to. */
  readonly committed: number;
  /** Size of the file when it was counted. */
  readonly bytes: number;
  readonly mtime_ms: number;
  readonly inode: number;
  /** All but blank ones. */
  readonly lines: number;
  /** As `fingerprintOf`. */
  readonly fingerprint: string;
}

export interface CheckpointCounts {
  readonly lines: number;
  readonly entries: number;
  readonly runs: number;
  readonly repeated: number;
  readonly replaced: number;
  readonly damaged: number;
}

export interface DamagedMark {
  readonly segment: string;
  readonly offset: number;
  readonly bytes: number;
  readonly reason: string;
}

export interface ReducerMark {
  readonly version: number;
  readonly state: JsonValue;
}

/** A document as it was written last. */
export interface OutputMark {
  readonly digest: string;
  readonly bytes: number;
  readonly mtime_ms: number;
  readonly inode: number;
}

/** How far a history is counted, and everything that further counting needs. */
export interface Checkpoint {
  readonly task_id: string;
  /** In the order of the history. */
  readonly segments: readonly SegmentMark[];
  readonly counts: CheckpointCounts;
  /** The first twenty. */
  readonly damaged: readonly DamagedMark[];
  /** By their ids. */
  readonly reducers: Readonly<Record<string, ReducerMark>>;
  readonly index: IndexMark;
  /** By the names of their files. */
  readonly outputs: Readonly<Record<string, OutputMark>>;
  readonly updated_at: string;
}

const OPENING = '{"checksum":"';
/** The checksum is over all that follows these bytes. */
const CHECKSUM_PREFIX_BYTES = OPENING.length + '00000000",'.length;

/**
 * The content of the checkpoint file: one line of JSON that begins with a checksum of the rest.
 *
 * @throws TypeError or RangeError when a reducer's state has no JSON form.
 */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  const text = JSON.stringify({ version: CHECKPOINT_VERSION, ...checkpoint }).slice(1);
  const rest = Buffer.from(`${text}\n`);
  return Buffer.concat([Buffer.from(`${OPENING}${checksumText(rest)}",`), rest]);
}

/** The JSON text of an encoded checkpoint; `undefined` where the checksum is missing or another one. */
export function openEncoded(bytes: Buffer): string | undefined {
  const rest = bytes.subarray(CHECKSUM_PREFIX_BYTES);
  const prefix = bytes.toString('latin1', 0, CHECKSUM_PREFIX_BYTES);
  if (prefix !== `${OPENING}${checksumText(rest)}",`) return undefined;
  return `{${rest.toString('utf8')}`;
}
