import { identifyLeftovers } from './identify-leftovers.js';
import type { LeftoverProcess, LeftoverProof, LeftoverSearch } from './identify-leftovers.js';
import { describeProcess, hasVariable, readProcessTable } from './process-table.js';

/** Processes of one group that a dead runner left behind. */
export interface Leftover {
  readonly processGroup: number;
  /** Members that are proven to be left, parents first. */
  readonly pids: readonly number[];
  /** The command line of the first of them, cut to 200 characters. It may hold secrets. */
  readonly command: string;
  readonly identifiedBy: LeftoverProof;
}

/**
 * Finds what a runner left behind that was itself killed. It reads `/proc`: elsewhere than on Linux
 * nothing can be proven, so nothing is found. Make sure first that the runner is dead: the commands
 * of one that lives look the same.
 */
export function findLeftovers(search: LeftoverSearch): Leftover[] {
  const leftovers = new Map<number, Leftover & { readonly pids: number[] }>();
  for (const { pid, processGroup, identifiedBy } of lookForLeftovers(search)) {
    const known = leftovers.get(processGroup);
    if (known) known.pids.push(pid);
    else {
      const command = describeProcess(pid);
      leftovers.set(processGroup, { processGroup, pids: [pid], command, identifiedBy });
    }
  }
  return [...leftovers.values()];
}

/** One look at the processes of now. `known` are those that an earlier look has proven, by pid. */
export function lookForLeftovers(
  search: LeftoverSearch,
  known: ReadonlyMap<number, LeftoverProcess> = new Map(),
): LeftoverProcess[] {
  const { marker, before } = search;
  return identifyLeftovers(search, {
    table: readProcessTable(before),
    selfPid: process.pid,
    isMarked: (pid) => marker !== undefined && hasVariable(pid, marker.name, marker.value),
    known,
  });
}
