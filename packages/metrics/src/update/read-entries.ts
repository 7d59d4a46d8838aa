import { nodeFileSystem } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import type { EntryFacts } from '../fold/facts.js';
import { MAX_LINE_BYTES } from '../history/max-line-bytes.js';
import { openSegment } from '../history/segment-source.js';
import type { SegmentSource } from '../history/segment-source.js';
import { listSegments } from '../history/segments.js';
import type { MetricsLayout } from '../layout.js';
import { EntryReader } from '../scan/entry-reader.js';
import { scanRange } from '../scan/scan-range.js';

/** An entry as it was appended, and where it lies. */
export interface StoredEntry {
  readonly entry: Readonly<Record<string, unknown>>;
  /** Name of the segment's file. */
  readonly segment: string;
  /** Where its line begins. */
  readonly offset: number;
}

export interface ReadEntriesOptions {
  /**
   * Which entries are parsed and given. The facts are valid during the call.
   *
   * @default all
   */
  readonly where?: (facts: EntryFacts) => boolean;
  /**
   * Where to begin in each segment, in the order of the history; the beginning of a line.
   *
   * @default their beginnings
   */
  readonly from?: readonly number[];
  readonly signal?: AbortSignal;
  readonly fs?: FileSystem;
}

/**
 * All entries in the order of the history, repeats and earlier attempts included; damaged lines are left
 * out. It holds a few mebibytes, and files only while the loop runs.
 *
 * @throws MetricsError `HISTORY_UNREADABLE`; the reason of an aborted signal.
 */
export async function* readEntries(
  layout: MetricsLayout,
  options: ReadEntriesOptions = {},
): AsyncGenerator<StoredEntry, void, undefined> {
  const { fs = nodeFileSystem, from = [] } = options;
  for (const [ordinal, segment] of listSegments(layout, { fs }).entries()) {
    using source = openSegment(segment, { fs });
    const found = readSegment(source, from[ordinal] ?? 0, options);
    for await (const { entry, offset } of found) yield { entry, segment: segment.name, offset };
  }
}

type FoundEntry = Omit<StoredEntry, 'segment'>;

const WINDOW_BYTES = 1024 * 1024;

async function* readSegment(
  source: SegmentSource,
  start: number,
  { where = () => true, signal }: ReadEntriesOptions,
): AsyncGenerator<FoundEntry, void, undefined> {
  let windowBytes = WINDOW_BYTES;
  for (let from = start; ;) {
    const found: FoundEntry[] = [];
    const scan = await scanRange(source, {
      from,
      to: from + windowBytes,
      signal,
      visitor: {
        entry(facts, _reader, offset) {
          if (where(facts)) found.push({ entry: facts.entry, offset });
        },
        damaged: () => undefined,
      },
    });
    yield* found;
    if (scan.bytesRead < windowBytes) {
      if (scan.tail && scan.tail.byteLength <= MAX_LINE_BYTES) {
        yield* lastEntry(source, scan.tail.offset, where);
      }
      return;
    }
    // A line that does not end in the window needs a larger one.
    windowBytes = scan.nextOffset === from ? windowBytes * 2 : WINDOW_BYTES;
    from = scan.nextOffset;
  }
}

/** The last line counts without a newline too. */
function* lastEntry(
  source: SegmentSource,
  offset: number,
  where: (facts: EntryFacts) => boolean,
): Generator<FoundEntry> {
  const line = source.readLine(offset);
  const facts = new EntryReader().read(line, 0, line.byteLength);
  if (facts !== undefined && where(facts)) yield { entry: facts.entry, offset };
}
