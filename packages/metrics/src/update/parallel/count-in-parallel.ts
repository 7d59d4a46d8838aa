import { countSegments } from '../count-segments.js';
import type { CountedSegments, CountRequest } from '../count-segments.js';
import type { UpdateProgress } from '../update-report.js';
import type { LaterHalf } from './later-half.js';
import { LaterThread } from './later-thread.js';
import { mergeLater } from './merge-later.js';
import type { FirstHalf } from './merge-later.js';
import { markAt } from './split-history.js';
import type { HistorySplit } from './split-history.js';

/** The whole history is counted, whatever `marks` there are. */
export interface ParallelRequest extends Omit<CountRequest, 'marks'>, FirstHalf {
  readonly split: HistorySplit;
  /** The program of the thread: a path or a URL. */
  readonly worker: string | URL;
  /** Of the whole history. */
  readonly expectedRuns: number;
}

/**
 * Counts a whole history, the second half of it in another thread, and settles `history`. What it comes
 * to is what counting in one go comes to: where that cannot be told from the halves, or the thread
 * fails, the second half is counted here after the first.
 *
 * @returns also how many threads have counted
 */
export async function countInParallel(
  request: ParallelRequest,
): Promise<CountedSegments & { readonly threads: 1 | 2 }> {
  const { segments, split, signal, history, expectedRuns, worker } = request;
  const progress = createProgress(request);
  await using thread = new LaterThread(
    { segments, split, expectedRuns: Math.ceil(expectedRuns * split.laterShare) },
    { program: worker, signal, onProgress: progress.later },
  );
  const first = await countFirst(request, progress.first);
  const later = await thread.counted;
  signal?.throwIfAborted();
  if (later !== undefined && isWhole(first, split) && mergeLater(request, later)) {
    return { ...join(first, later, split), threads: 2 };
  }
  const rest = await countSegments({
    ...request,
    marks: segments.map((segment, at) => {
      if (at < split.ordinal) return markAt(segment);
      return at === split.ordinal && split.offset > 0 ? first.marks[at] : undefined;
    }),
  });
  history.settle();
  // Its marks go on where those of the first half end.
  return { ...join(first, rest, { ordinal: split.ordinal, offset: 0 }), threads: 1 };
}

function countFirst(
  request: ParallelRequest,
  onProgress: (progress: UpdateProgress) => void,
): Promise<CountedSegments> {
  const { ordinal, offset } = request.split;
  const segments = request.segments.map((segment, at) =>
    at === ordinal && offset > 0 ? { ...segment, bytes: offset } : segment,
  );
  const marks = segments.map((segment, at) =>
    at < ordinal || (at === ordinal && offset > 0) ? undefined : markAt(segment),
  );
  return countSegments({ ...request, segments, marks, onProgress });
}

/** Whether the first half ended where the second began: nobody cut the file meanwhile. */
function isWhole({ marks }: CountedSegments, { ordinal, offset }: HistorySplit): boolean {
  return offset === 0 || marks[ordinal]?.committed === offset;
}

function join(
  first: CountedSegments,
  later: CountedSegments | LaterHalf,
  { ordinal, offset }: Pick<HistorySplit, 'offset' | 'ordinal'>,
): CountedSegments {
  const marks = later.marks.map((mark, at) => {
    const firstMark = first.marks[at];
    if (firstMark === undefined || at > ordinal) return mark;
    if (at < ordinal) return firstMark;
    return offset > 0 ? { ...mark, lines: firstMark.lines + mark.lines } : mark;
  });
  const { tail } = later;
  return {
    marks,
    bytesRead: first.bytesRead + later.bytesRead,
    tail: tail && Buffer.from(tail.buffer, tail.byteOffset, tail.byteLength),
  };
}

/** Adds up what both threads tell. */
function createProgress({ segments, split, onProgress }: ParallelRequest): {
  first: (progress: UpdateProgress) => void;
  later: (bytesDone: number, lines: number) => void;
} {
  const sum = (sizes: readonly { readonly bytes: number }[]): number =>
    sizes.reduce((total, { bytes }) => total + bytes, 0);
  const bytesTotal = sum(segments);
  const laterFrom = sum(segments.slice(0, split.ordinal)) + split.offset;
  let first = { bytesDone: 0, lines: 0 };
  let later = { bytesDone: 0, lines: 0 };
  const tell = (): void => {
    const bytesDone = first.bytesDone + later.bytesDone;
    onProgress?.({ bytesDone, bytesTotal, lines: first.lines + later.lines });
  };
  return {
    first: ({ bytesDone, lines }) => {
      first = { bytesDone, lines };
      tell();
    },
    later: (bytesDone, lines) => {
      later = { bytesDone: bytesDone - laterFrom, lines };
      tell();
    },
  };
}
