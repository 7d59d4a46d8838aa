import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { readlinkSync, realpathSync } from 'node:fs';
import { Socket } from 'node:net';

import { sleep, systemClock } from '@codex-orchestrator/core';

import type { Containment } from './containment.js';
import { killWaitMs, longestPollMs } from './end-group.js';
import { isRunning, readProcessTable } from './process-table.js';

/** The programs of util-linux, by their paths: a command's own environment may hide them. */
export interface NamespaceTools {
  readonly unshare: string;
  readonly nsenter: string;
}

/** How long starting one program may take on a machine that is not broken. */
export const startLimitMs = 10_000;

/**
 * The first process of the namespace: all others end with it, and it ends with its input, which only
 * this process holds open. That holds for every end of this process and, unlike a parent-death
 * signal, without a moment after the start in which that end goes unnoticed.
 *
 * It reads by a child because a shell that waits for a child reaps the orphans that it inherits.
 */
const holderScript = 'echo ready; cat >/dev/null; exit';

/** Opens a namespace, or throws an error that tells what prevents it. */
export async function openPidNamespace({ unshare, nsenter }: NamespaceTools): Promise<Containment> {
  const user = isRoot() ? [] : ['--user', '--map-current-user'];
  const options = ['--pid', '--fork', '--kill-child=KILL', '--mount-proc', '--propagation=slave'];
  const args = [...user, ...options, '--', '/bin/sh', '-c', holderScript];
  // A group of its own, or whoever signals ours would signal it; and no folder that it would pin.
  const holder = spawn(unshare, args, { detached: true, cwd: '/' });
  try {
    await becomesReady(holder);
  } catch (error) {
    holder.kill('SIGKILL');
    throw error;
  }
  return new PidNamespace(holder, nsenter);
}

export function isRoot(): boolean {
  return process.geteuid?.() === 0;
}

async function becomesReady(holder: ChildProcessWithoutNullStreams): Promise<void> {
  let words = '';
  holder.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()));
  holder.stdin.on('error', () => undefined);
  const [first] = (await Promise.race([
    once(holder.stdout, 'data', { signal: AbortSignal.timeout(startLimitMs) }),
    once(holder, 'close'),
  ])) as unknown[];
  // Nobody reads the rest, and nothing of it shall keep this process alive.
  holder.stdout.destroy();
  holder.stderr.destroy();
  if (holder.stdin instanceof Socket) holder.stdin.unref();
  holder.unref();
  if (!Buffer.isBuffer(first)) throw new Error(`a namespace was refused (${words.trim()})`);
}

class PidNamespace implements Containment {
  readonly pid: number;
  readonly #holder: ChildProcessWithoutNullStreams;
  readonly #nsenter: string;
  /** What the kernel calls the namespace. */
  readonly #name: string;
  #hasEnded = false;

  constructor(holder: ChildProcessWithoutNullStreams, nsenter: string) {
    this.pid = Number(holder.pid);
    this.#holder = holder;
    this.#nsenter = nsenter;
    this.#name = pidNamespaceOf(this.pid, 'pid_for_children') ?? 'ended';
    holder.once('exit', () => (this.#hasEnded = true));
  }

  /** The holder is not reaped before its end is known here, so until then its pid is its own. */
  enter(cwd: string): [string, ...string[]] {
    if (this.#hasEnded) {
      throw Object.assign(new Error('its containment has ended'), { code: 'ESRCH' });
    }
    const holder = `/proc/${this.pid}`;
    // A folder of the mounts outside would have no name inside. Links are resolved before, because
    // an absolute one would lead back to those mounts.
    const folder = `${holder}/root${realpathSync(cwd)}`;
    const user = isRoot() ? [] : [`--user=${holder}/ns/user`, '--preserve-credentials'];
    const spaces = [`--mount=${holder}/ns/mnt`, `--pid=${holder}/ns/pid_for_children`];
    return [this.#nsenter, ...user, ...spaces, `--wd=${folder}`, '--'];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#holder.stdin.destroy();
    const deadlineMs = systemClock.monotonicMs() + killWaitMs;
    for (let pollMs = 1; this.#isInhabited(); pollMs = Math.min(2 * pollMs, longestPollMs)) {
      if (systemClock.monotonicMs() > deadlineMs) break;
      await sleep(systemClock, pollMs);
    }
    this.#holder.kill('SIGKILL');
  }

  /**
   * The end of the holder is not waited for: it comes only when everybody is reaped, and whose
   * parent outside has ended, as that of a command that is ended has, is left to the system for it.
   */
  #isInhabited(): boolean {
    return [...readProcessTable()].some(
      ([pid, stat]) =>
        isRunning(stat) && stat.parentPid !== this.pid && pidNamespaceOf(pid) === this.#name,
    );
  }
}

/** Undefined for a process that has ended, and for those of others. */
function pidNamespaceOf(pid: number, link = 'pid'): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/${link}`);
  } catch {
    return undefined;
  }
}
