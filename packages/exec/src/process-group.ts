import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';

import { readProcessStat } from '@codex-orchestrator/core';

import { isRunning } from './process-table.js';

/**
 * A command and everything that it started and that stayed in its process group.
 *
 * Signalling a group by number is safe as long as the group exists: the kernel gives no new process
 * the number of a leader that was not reaped yet, nor a number that is still in use as a group id,
 * even when the leader itself is long gone. So the callers here signal only while the leader runs,
 * or after `isEmpty` has just found a member, and never again once it was empty.
 */
export interface ProcessGroup {
  readonly id: number;
  /** Sends a signal to every member; a group that is gone already is no error. */
  signal(signal: 'SIGTERM' | 'SIGKILL'): void;
  /** Whether no member is running. Members that wait to be reaped by their parent do not count. */
  isEmpty(): boolean;
}

export function processGroup(leaderPid: number): ProcessGroup {
  return process.platform === 'win32' ? windowsTree(leaderPid) : posixGroup(leaderPid);
}

function posixGroup(id: number): ProcessGroup {
  return {
    id,
    signal(signal) {
      signalGroup(id, signal);
      // A stopped process takes note of SIGTERM only once it is continued.
      if (signal === 'SIGTERM') signalGroup(id, 'SIGCONT');
    },
    isEmpty: () => !signalGroup(id, 0) || (process.platform === 'linux' && !hasRunningMember(id)),
  };
}

/** Returns whether the group exists. */
function signalGroup(id: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-id, signal);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ESRCH') return false;
    // Members of another user: they exist, and nothing can be done about them from here.
    if (code === 'EPERM') return true;
    throw error;
  }
}

/**
 * Tells running members from zombies. In a container whose first process reaps nobody, a background
 * child that has ended stays in the group for ever, and waiting for it would cost every command the
 * whole grace period.
 */
function hasRunningMember(groupId: number): boolean {
  // A /proc that is not ours tells nothing about zombies: whoever exists counts as running.
  if (readProcessStat(process.pid) === undefined) return true;
  return readdirSync('/proc').some((name) => {
    const member = /^\d/.test(name) ? readProcessStat(Number(name)) : undefined;
    return member?.processGroup === groupId && isRunning(member);
  });
}

/**
 * Windows has no groups: the tree below the leader stands for it, and it can be found only while
 * the leader runs. What is left after the leader's end is out of reach, so it counts as empty.
 */
function windowsTree(leaderPid: number): ProcessGroup {
  return {
    id: leaderPid,
    signal(signal) {
      const force = signal === 'SIGKILL' ? ['/F'] : [];
      const killer = spawn('taskkill', ['/PID', String(leaderPid), '/T', ...force], {
        stdio: 'ignore',
        windowsHide: true,
      });
      killer.on('error', () => undefined);
    },
    isEmpty: () => true,
  };
}
