import { spawn } from 'node:child_process';
import { Socket } from 'node:net';

import { openGroupList } from './group-list.js';

/** Ends commands that their own process can no longer end, because it was killed itself. */
export interface GroupGuard extends Disposable {
  /** The guarding process; absent where there is none, as on Windows. */
  readonly pid: number | undefined;
  /** From now on the group ends with this process. */
  watch(processGroup: number): void;
  /** The group is gone: its number may soon be somebody else's. */
  release(processGroup: number): void;
}

export interface GroupGuardOptions {
  /** Time between SIGTERM and SIGKILL, in whole seconds. @default 5000 */
  readonly graceMs?: number;
}

/**
 * Waits until its input ends, which is when the process at the other end has ended in whatever way,
 * and only then reads which groups were left.
 */
const guardScript = `
read -r end
read -r groups <&3
send() { for group in $groups; do kill -s "$1" -- "-$group"; done; }
any() { for group in $groups; do kill -s 0 -- "-$group" && return 0; done; return 1; }
send TERM
send CONT
seconds=$1
while any; do
  [ "$seconds" -gt 0 ] || { send KILL; exit; }
  seconds=$((seconds - 1))
  sleep 1
done
`;

/**
 * Starts a small process beside this one that outlives it: when this process is killed with SIGKILL,
 * which it cannot notice, the guard ends the commands that it was running. Best effort: without
 * `/bin/sh`, or with the guard killed as well, commands run on as they would without it.
 *
 * The guard sleeps until then: a watched command costs one write to a file without a name, and wakes
 * nobody. It does not keep this process alive, and ends with it.
 */
export function openGroupGuard(options: GroupGuardOptions = {}): GroupGuard {
  if (process.platform === 'win32') return absentGuard;
  const list = openGroupList();
  if (list === undefined) return absentGuard;
  const guard = startGuard(Math.ceil((options.graceMs ?? 5000) / 1000), list.fd);
  return {
    pid: guard.pid,
    watch: (processGroup) => {
      list.add(processGroup);
    },
    release: (processGroup) => {
      list.remove(processGroup);
    },
    [Symbol.dispose]() {
      guard.end();
      list.close();
    },
  };
}

const absentGuard: GroupGuard = {
  pid: undefined,
  watch: () => undefined,
  release: () => undefined,
  [Symbol.dispose]: () => undefined,
};

function startGuard(graceSeconds: number, listFd: number): RunningGuard {
  // A group of its own, or whoever kills ours would kill the guard; and no folder that it would pin.
  const guard = spawn('/bin/sh', ['-c', guardScript, 'group-guard', String(graceSeconds)], {
    detached: true,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore', listFd],
  });
  guard.on('error', () => undefined);
  guard.stdin?.on('error', () => undefined);
  guard.unref();
  if (guard.stdin instanceof Socket) guard.stdin.unref();
  return { pid: guard.pid, end: () => guard.stdin?.end() };
}

interface RunningGuard {
  readonly pid: number | undefined;
  end(): void;
}
