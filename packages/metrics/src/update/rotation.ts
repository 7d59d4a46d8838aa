import type { SegmentMark } from '../checkpoint/checkpoint.js';
import type { RotationLimits } from './update-report.js';

/** Whether the live segment has grown beyond what one is to hold. */
export function isFull(mark: SegmentMark | undefined, limits: RotationLimits): boolean {
  if (!mark?.live || mark.committed === 0) return false;
  const { maxBytes = Infinity, maxLines = Infinity } = limits;
  return mark.committed >= maxBytes || mark.lines >= maxLines;
}
