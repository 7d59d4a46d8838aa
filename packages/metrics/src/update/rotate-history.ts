import { encodeCheckpoint } from '../checkpoint/checkpoint.js';
import type { SegmentMark } from '../checkpoint/checkpoint.js';
import { readCheckpoint } from '../checkpoint/read-checkpoint.js';
import { compressSegment } from '../history/compress-segment.js';
import { rotateLive } from '../history/rotate.js';
import { listSegments } from '../history/segments.js';
import type { Segment } from '../history/segments.js';
import type { MetricsLayout } from '../layout.js';
import { fingerprintOfFile } from './count-segments.js';
import { replace } from './outputs.js';
import { isSeen } from './seen-segment.js';
import { withLockedUpdate } from './update-aggregates.js';
import type { UpdateOptions, UpdateReport } from './update-report.js';
import type { UpdatePorts } from './updater-lock.js';

export interface RotateHistoryOptions extends UpdateOptions {
  /** Whether closed segments that nobody appends to any more are compressed. @default false */
  readonly gzip?: boolean;
}

export interface RotateHistoryReport {
  /** Name of the segment that the live one became; null where nothing had been appended to it. */
  readonly segment: string | null;
  /** Names of the segments that are compressed now and were not. */
  readonly compressed: readonly string[];
  readonly update: UpdateReport;
}

/**
 * Closes the live segment, and compresses older ones if asked to. Aggregates don't change, and nobody who
 * appends meanwhile is kept waiting.
 *
 * @throws MetricsError `HISTORY_WRITE_FAILED`; as `updateAggregates`; CoreError `LOCK_TIMEOUT`.
 */
export async function rotateHistory(
  layout: MetricsLayout,
  options: RotateHistoryOptions = {},
): Promise<RotateHistoryReport> {
  let segment: string | null = null;
  const compressed: string[] = [];
  const update = await withLockedUpdate(layout, options, 'update', async (ports) => {
    segment = rotateLive(layout, ports)?.name ?? null;
    if (options.gzip === true) compressed.push(...(await compressClosed(layout, ports)));
  });
  return { segment, compressed, update };
}

async function compressClosed(layout: MetricsLayout, ports: UpdatePorts): Promise<string[]> {
  const names: string[] = [];
  for (const segment of listSegments(layout, ports)) {
    const { outcome } = await compressSegment(layout, segment, ports);
    if (outcome !== 'compressed') continue;
    names.push(`${segment.name}.gz`);
    await followCompression(layout, segment, ports);
  }
  return names;
}

/**
 * Tells the checkpoint that a segment it knows lies there compressed. A crash before that makes the next
 * update count anew.
 */
async function followCompression(
  layout: MetricsLayout,
  before: Segment,
  ports: UpdatePorts,
): Promise<void> {
  const { fs } = ports;
  const reading = readCheckpoint(layout, fs);
  const name = `${before.name}.gz`;
  const after = listSegments(layout, { fs }).find((segment) => segment.name === name);
  if (reading.kind !== 'read' || after === undefined) return;
  const { checkpoint } = reading;
  const mark = checkpoint.segments.find((each) => each.name === before.name);
  // Only what was counted to its end stands for what it unpacks to.
  if (mark === undefined || !isSeen(mark, before) || mark.committed !== before.bytes) return;
  const packed: SegmentMark = {
    ...mark,
    name,
    compressed: true,
    bytes: after.bytes,
    mtime_ms: after.mtimeMs,
    inode: after.inode,
    fingerprint: fingerprintOfFile(after.path, after.bytes, fs),
  };
  const segments = checkpoint.segments.map((each) => (each === mark ? packed : each));
  await replace(layout.checkpointPath, encodeCheckpoint({ ...checkpoint, segments }), ports);
}
