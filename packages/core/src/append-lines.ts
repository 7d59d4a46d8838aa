import { sleep, systemClock } from './clock.js';
import type { Clock } from './clock.js';
import { expectWholeLines, openFileAppender } from './line-appender.js';
import type { AppendOptions, AppendReport, FileAppender, Tail } from './line-appender.js';

/**
 * Appends whole lines to a file and makes it if needed: all lines and their newlines are one buffer
 * and one `write` on a descriptor opened with `O_APPEND`, which local file systems do not interleave
 * with the writes of other processes, whatever the size. (The usual cap of 512 KiB is that of
 * `fs.promises`, which splits larger buffers.) Network file systems give no such guarantee: lock there.
 *
 * The lines are written when the call returns, unless the file ends with half a line: then a moment
 * passes to see whether another process is just writing the rest. If that takes it longer, the
 * newline in front of these lines becomes an empty line, which readers must skip.
 *
 * @throws CoreError `APPEND_FAILED` with `onDisk` (after `'partial'`, as after any torn tail, the next
 * append begins on a new line); `INVALID_OPTION` when a line contains a newline, before anything is
 * written.
 */
export async function appendLines(
  path: string,
  lines: readonly string[],
  options: AppendOptions = {},
): Promise<AppendReport> {
  expectWholeLines(lines);
  const { shared = true, clock = systemClock } = options;
  using appender = openFileAppender(path, { ...options, shared });
  let tail = appender.look();
  if (tail.isTorn && shared) tail = await settledTail(appender, tail, clock);
  const report = appender.append(lines, tail);
  // Its error counts; the one of the disposal, after a failure, would hide the first.
  appender.close();
  return report;
}

const LOOK_EVERY_MS = 2;
/** Looks without a change after which nobody is taken to be writing. */
const STILL_LOOKS = 10;
const MAX_LOOKS = 100;

/**
 * Kernels show a large write while it is under way. Such a tail grows and ends whole; one that a dead
 * writer left stays as it is.
 */
async function settledTail(appender: FileAppender, first: Tail, clock: Clock): Promise<Tail> {
  let tail = first;
  let still = 0;
  for (let looks = 0; tail.isTorn && still < STILL_LOOKS && looks < MAX_LOOKS; looks++) {
    await sleep(clock, LOOK_EVERY_MS);
    const next = appender.look();
    still = next.size === tail.size ? still + 1 : 0;
    tail = next;
  }
  return tail;
}
