import { readdirSync, readFileSync } from 'node:fs';

import { readProcessStat } from '@codex-orchestrator/core';
import type { ProcessStat } from '@codex-orchestrator/core';

import { quoteArgv } from './quote-argv.js';

export type ProcessTable = ReadonlyMap<number, ProcessStat>;

/** Room for what tells one command from another in a list. */
const commandMaxLength = 200;

/**
 * The processes that `/proc` shows, parents before their children as a rule. Not a snapshot: who
 * starts or ends while it is read may be missing. Empty where there is no `/proc` of this process.
 *
 * @param except Processes that are left out unread.
 */
export function readProcessTable(except: ReadonlySet<number> = new Set()): ProcessTable {
  const table = new Map<number, ProcessStat>();
  const wanted = listPids().filter((pid) => !except.has(pid));
  // What belongs to this process is known by what this process is.
  if (wanted.length > 0 && except.has(process.pid)) wanted.push(process.pid);
  for (const pid of wanted) {
    const stat = readProcessStat(pid);
    if (stat !== undefined) table.set(pid, stat);
  }
  return table;
}

/** One that ended and was not reaped yet runs no more. */
export function isRunning({ state }: ProcessStat): boolean {
  return state !== 'Z' && state !== 'X';
}

/**
 * Whether a process was started with a variable in its environment. False where that can't be read,
 * as of another user's process.
 */
export function hasVariable(pid: number, name: string, value: string): boolean {
  // Latin-1 keeps every byte apart, whatever the encoding of the environment.
  const wanted = Buffer.from(`${name}=${value}`).toString('latin1');
  return readWords(pid, 'environ').includes(wanted);
}

/** The command line of a process as a shell would take it, cut where it gets long. */
export function describeProcess(pid: number): string {
  const argv = readWords(pid, 'cmdline').map((word) => Buffer.from(word, 'latin1').toString());
  const text = quoteArgv(argv);
  return text.length > commandMaxLength ? `${text.slice(0, commandMaxLength - 1)}…` : text;
}

function readWords(pid: number, file: 'environ' | 'cmdline'): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/${file}`, 'latin1');
    return text.split('\0').slice(0, -1);
  } catch {
    return []; // It has ended, or it is none of our business.
  }
}

/**
 * The ids of the processes that run now, for a later search for those that were started since. Empty where
 * there is no `/proc`.
 */
export function listProcessIds(): ReadonlySet<number> {
  return new Set(listPids());
}

function listPids(): number[] {
  try {
    // All other names begin with letters.
    const pids = readdirSync('/proc').map(Number).filter(Number.isSafeInteger);
    return pids.sort((a, b) => a - b);
  } catch {
    return [];
  }
}
