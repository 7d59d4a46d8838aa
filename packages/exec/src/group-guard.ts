import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';

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
 * Reads which groups to watch until its input ends, which is when the process at the other end has
 * ended in whatever way, and then ends those that were not released.
 */
const guardScript = `
groups=
while read -r action group; do
  case $action in
    watch) groups="$groups $group" ;;
    release)
      rest=
      for each in $groups; do [ "$each" = "$group" ] || rest="$rest $each"; done
      groups=$rest ;;
  esac
done
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
 * The guard does not keep this process alive, and ends with it.
 */
export function openGroupGuard(options: GroupGuardOptions = {}): GroupGuard {
  if (process.platform === 'win32') return absentGuard;
  const guard = startGuard(Math.ceil((options.graceMs ?? 5000) / 1000));
  const send = (line: string): void => {
    guard.stdin.write(`${line}\n`);
  };
  return {
    pid: guard.pid,
    watch(processGroup) {
      send(`watch ${processGroup}`);
    },
    release(processGroup) {
      send(`release ${processGroup}`);
    },
    [Symbol.dispose]() {
      guard.stdin.end();
    },
  };
}

const absentGuard: GroupGuard = {
  pid: undefined,
  watch: () => undefined,
  release: () => undefined,
  [Symbol.dispose]: () => undefined,
};

function startGuard(graceSeconds: number): ChildProcessByStdio<Writable, null, null> {
  // A group of its own, or whoever kills ours would kill the guard; and no folder that it would pin.
  const guard = spawn('/bin/sh', ['-c', guardScript, 'group-guard', String(graceSeconds)], {
    detached: true,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.on('error', () => undefined);
  guard.stdin.on('error', () => undefined);
  guard.unref();
  if (guard.stdin instanceof Socket) guard.stdin.unref();
  return guard;
}
