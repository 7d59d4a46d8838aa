import type { SegmentMark } from '../checkpoint/checkpoint.js';
import type { Segment } from '../history/segments.js';

/** Whether the file is the very one that the mark is of, with nothing done to it since. */
export function isSeen(mark: SegmentMark, segment: Segment | undefined): boolean {
  return mark.name === segment?.name && mark.live === segment.live && isUntouched(mark, segment);
}

/** Whether nobody has written to the file since, whatever it is called now. */
export function isUntouched(mark: SegmentMark, segment: Segment): boolean {
  return (
    mark.bytes === segment.bytes &&
    mark.inode === segment.inode &&
    mark.mtime_ms === segment.mtimeMs
  );
}
