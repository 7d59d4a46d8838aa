import type { FileSystem } from '@codex-orchestrator/core';

import type { FileCounter, FileCounts } from '../guard/guard.js';

type Name = keyof FileSystem;
type Mutable = { -readonly [K in keyof FileCounts]: number };

/** Which count a call belongs to besides `calls`. */
const countedAs: Partial<Record<Name, 'opens' | 'renames' | 'fsyncs' | 'unlinks'>> = {
  open: 'opens',
  rename: 'renames',
  fsync: 'fsyncs',
  unlink: 'unlinks',
};

/**
 * The file system with a count of what goes through it. A call that throws is counted: it was made.
 */
export function countingFileSystem(fs: FileSystem): FileCounter {
  const counts = noCounts();
  const counted = {} as Record<Name, unknown>;
  for (const name of Object.keys(fs) as Name[]) {
    const call = (...values: unknown[]): unknown =>
      (fs[name] as (this: FileSystem, ...values: unknown[]) => unknown).apply(fs, values);
    counted[name] = (...values: unknown[]): unknown => {
      counts.calls += 1;
      const member = countedAs[name];
      if (member !== undefined) counts[member] += 1;
      if (name === 'read') counts.reads += 1;
      if (name === 'write') counts.writes += 1;
      const result = call(...values);
      if (name === 'read') counts.bytesRead += result as number;
      if (name === 'write') counts.bytesWritten += result as number;
      return result;
    };
  }
  return { fs: counted as unknown as FileSystem, counts: () => ({ ...counts }) };
}

function noCounts(): Mutable {
  return {
    calls: 0,
    opens: 0,
    reads: 0,
    bytesRead: 0,
    writes: 0,
    bytesWritten: 0,
    renames: 0,
    fsyncs: 0,
    unlinks: 0,
  };
}
