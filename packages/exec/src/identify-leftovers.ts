import type { ProcessStat } from '@codex-orchestrator/core';

import { isRunning } from './process-table.js';
import type { ProcessTable } from './process-table.js';

/** A process group as it was written down when its command started. */
export interface GroupIdentity {
  readonly processGroup: number;
  /** Start stamp of the leader, of `StartedCommand.startedAt`. */
  readonly leaderStartedAt: string | null;
}

/** What a dead runner is known to have started. */
export interface LeftoverSearch {
  /** Of this boot and this pid namespace: elsewhere the same numbers mean other processes. */
  readonly groups: readonly GroupIdentity[];
  /** A variable that the commands of this runner, and of no other, were started with. @default none */
  readonly marker?: { readonly name: string; readonly value: string };
  /**
   * Processes that ran before anything of this runner did, of `listProcessIds`: they are not looked at,
   * which makes a look cost what is new. @default none
   */
  readonly before?: ReadonlySet<number>;
}

/** How a process was recognised: by the recorded leader of its group, or by its environment. */
export type LeftoverProof = 'start-time' | 'environment';

/** One process. Pid and start stamp together are not given twice. */
export interface LeftoverProcess {
  readonly pid: number;
  readonly startedAt: string;
  readonly processGroup: number;
  readonly identifiedBy: LeftoverProof;
}

/** What there is to judge by. */
export interface LeftoverEvidence {
  readonly table: ProcessTable;
  readonly selfPid: number;
  readonly isMarked: (pid: number) => boolean;
  /** By pid: what an earlier look has recognised. */
  readonly known: ReadonlyMap<number, LeftoverProcess>;
}

/**
 * Picks the running processes that are proven to be left of a dead runner, parents first. Never in
 * it: the calling process, its ancestors and its own group, whatever else speaks for them.
 */
export function identifyLeftovers(
  { groups }: LeftoverSearch,
  evidence: LeftoverEvidence,
): LeftoverProcess[] {
  const { table } = evidence;
  const untouchable = findUntouchable(table, evidence.selfPid);
  const proofs = new Map<number, LeftoverProof>();
  for (const group of groups) {
    const proof = proveGroup(group, evidence);
    if (proof !== undefined) proofs.set(group.processGroup, proof);
  }
  return [...table].flatMap(([pid, stat]) => {
    if (!isRunning(stat) || untouchable.has(pid)) return [];
    const proof = proofs.get(stat.processGroup) ?? proveProcess(pid, stat, evidence);
    if (proof === undefined) return [];
    const { startedAt, processGroup } = stat;
    return [{ pid, startedAt, processGroup, identifiedBy: proof }];
  });
}

/**
 * While a leader has the recorded start stamp, even one that only waits to be reaped, its group is
 * the recorded one. A leader with another stamp proves the opposite. Without a leader, one member
 * that is ours speaks for all: the kernel gives no new group a number that a group still has.
 */
function proveGroup(
  { processGroup, leaderStartedAt }: GroupIdentity,
  evidence: LeftoverEvidence,
): LeftoverProof | undefined {
  const { table } = evidence;
  const leader = table.get(processGroup);
  if (leader !== undefined && leaderStartedAt !== null) {
    return leader.startedAt === leaderStartedAt ? 'start-time' : undefined;
  }
  for (const [pid, stat] of table) {
    if (stat.processGroup !== processGroup || !isRunning(stat)) continue;
    const proof = proveProcess(pid, stat, evidence);
    if (proof !== undefined) return proof;
  }
  return undefined;
}

function proveProcess(
  pid: number,
  { startedAt }: ProcessStat,
  { isMarked, known }: LeftoverEvidence,
): LeftoverProof | undefined {
  const before = known.get(pid);
  if (before?.startedAt === startedAt) return before.identifiedBy;
  return isMarked(pid) ? 'environment' : undefined;
}

function findUntouchable(table: ProcessTable, selfPid: number): ReadonlySet<number> {
  const untouchable = new Set<number>();
  // The set ends the walk, too, should pids have changed hands while the table was read.
  for (let pid = selfPid; pid > 0 && !untouchable.has(pid); pid = parentOf(pid)) {
    untouchable.add(pid);
  }
  const ownGroup = table.get(selfPid)?.processGroup;
  for (const [pid, { processGroup }] of table) {
    if (processGroup === ownGroup) untouchable.add(pid);
  }
  return untouchable;

  function parentOf(pid: number): number {
    return table.get(pid)?.parentPid ?? 0;
  }
}
