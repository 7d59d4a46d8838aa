import { nodeFileSystem } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import { readCheckpoint } from '../checkpoint/read-checkpoint.js';
import type { EntryFacts } from '../fold/facts.js';
import { listSegments } from '../history/segments.js';
import { RunIndexUnusable } from '../index/index-mark.js';
import { hashText } from '../index/run-hash.js';
import { RunIndex } from '../index/run-index.js';
import type { MetricsLayout } from '../layout.js';
import { EntryStore } from './entry-store.js';
import { changeSince } from './history-state.js';
import { readEntries } from './read-entries.js';

export interface FindEntryOptions {
  readonly fs?: FileSystem;
}

type FoundEntry = Readonly<Record<string, unknown>>;

/**
 * The entry of one attempt of a run; `undefined` where the history has none. What is counted is found in
 * the run index; what was appended since is read. Only without a usable checkpoint the whole history is.
 *
 * @throws MetricsError `HISTORY_UNREADABLE`.
 */
export async function findEntry(
  layout: MetricsLayout,
  runId: string,
  attempt: number,
  { fs = nodeFileSystem }: FindEntryOptions = {},
): Promise<FoundEntry | undefined> {
  const where = (facts: EntryFacts): boolean => facts.attempt === attempt && facts.runId === runId;
  const counted = findCounted(layout, runId, where, fs);
  if (counted.entry !== undefined) return counted.entry;
  for await (const { entry } of readEntries(layout, { where, from: counted.committed, fs })) {
    return entry;
  }
  return undefined;
}

interface Counted {
  readonly entry: FoundEntry | undefined;
  /** How much of each segment need not be looked at any more. */
  readonly committed: readonly number[];
}

function findCounted(
  layout: MetricsLayout,
  runId: string,
  where: (facts: EntryFacts) => boolean,
  fs: FileSystem,
): Counted {
  const segments = listSegments(layout, { fs });
  const reading = readCheckpoint(layout, fs);
  const nothing = { entry: undefined, committed: [] };
  if (reading.kind !== 'read') return nothing;
  const { checkpoint } = reading;
  if (changeSince(checkpoint, { segments, fs }) !== undefined) return nothing;
  const committed = checkpoint.segments.map((mark) => mark.committed);
  try {
    using store = new EntryStore(segments, fs);
    using index = RunIndex.open(layout, checkpoint.index, { committed, readOnly: true, fs });
    const { high, low } = hashText(runId);
    for (const place of index.find(high, low)) {
      const facts = store.factsAt(place);
      if (facts !== undefined && where(facts)) return { entry: facts.entry, committed };
    }
    return { entry: undefined, committed };
  } catch (error) {
    // Whoever updates meanwhile may replace the index under our hands.
    if (error instanceof RunIndexUnusable) return nothing;
    throw error;
  }
}
