import { setImmediate as nextTurn } from 'node:timers/promises';

import { createSha256 } from '@codex-orchestrator/core';

import type { MetricsLayout } from '../layout.js';
import { MEMBER_CONTENT_BYTES, packMember } from './packed-member.js';
import { replaceSegment } from './replace-segment.js';
import type { LeftReason, ReplaceOptions } from './replace-segment.js';
import { openSegment } from './segment-source.js';
import type { SegmentSource } from './segment-source.js';
import type { Segment } from './segments.js';

export type CompressReport =
  | { readonly outcome: 'compressed'; readonly bytesBefore: number; readonly bytesAfter: number }
  | { readonly outcome: 'left'; readonly reason: LeftReason | 'live' | 'compressed' };

/**
 * Puts `<name>.gz` in the place of a closed segment, once its content has been read back from the disk
 * and found to be the same. Segments that were closed or changed within the last minute are left.
 *
 * The caller holds the lock of the history.
 *
 * @throws MetricsError `HISTORY_UNREADABLE`, `HISTORY_WRITE_FAILED`; the segment is then as it was.
 */
export async function compressSegment(
  layout: MetricsLayout,
  segment: Segment,
  options: ReplaceOptions = {},
): Promise<CompressReport> {
  if (segment.live) return { outcome: 'left', reason: 'live' };
  if (segment.compressed) return { outcome: 'left', reason: 'compressed' };
  const { bytes: bytesBefore } = segment;
  const replaced = await replaceSegment(
    layout,
    segment,
    {
      name: `${segment.name}.gz`,
      async fill(source, file) {
        const digest = await digestOf(source, (piece) => {
          file.write(packMember(piece));
        });
        return file.bytes > 0 ? { digest, bytesAfter: file.bytes } : undefined;
      },
      async verify(written, { digest }) {
        using packed = openSegment(written, options);
        if ((await digestOf(packed)) !== digest) throw new Error('it does not unpack to the same');
      },
    },
    options,
  );
  if (replaced.left) return { outcome: 'left', reason: replaced.left };
  return { outcome: 'compressed', bytesBefore, bytesAfter: replaced.result.bytesAfter };
}

async function digestOf(
  source: SegmentSource,
  visit: (piece: Buffer) => void = () => undefined,
): Promise<string> {
  const hash = createSha256();
  const buffer = Buffer.allocUnsafe(MEMBER_CONTENT_BYTES);
  for (let position = 0; ;) {
    const count = source.read(buffer, position);
    if (count === 0) return hash.digest('hex');
    const piece = buffer.subarray(0, count);
    hash.update(piece);
    visit(piece);
    position += count;
    await nextTurn();
  }
}
