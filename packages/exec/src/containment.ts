import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { ExecError } from './errors.js';
import { findProgram } from './find-program.js';
import { isRoot, openPidNamespace, startLimitMs } from './pid-namespace.js';

/**
 * A place for commands that ends as a whole, whatever they do to get out: when it is disposed of,
 * and when this process ends in whatever way, SIGKILL included. Everything in it gets SIGKILL then.
 * Disposing waits until nothing in it runs any more, two seconds at most.
 */
export interface Containment extends AsyncDisposable {
  /** The process that holds the place. */
  readonly pid: number;
  /**
   * The words that start a program inside, in a folder, when they are put before it and its
   * arguments. Throws errors of the system: `ENOENT` without the folder, `ESRCH` when all has ended.
   */
  enter(cwd: string): [string, ...string[]];
}

export interface ContainmentProbe {
  readonly available: boolean;
  /** What a command will run in, or what is missing. */
  readonly reason: string;
}

/**
 * Makes a pid namespace for commands, by `unshare` and `nsenter` of util-linux: directly where this
 * process is root's, else within a user namespace. It has been tried out when it is returned. It does
 * not keep this process alive.
 *
 * @throws ExecError `CONTAINMENT_UNAVAILABLE`
 */
export async function openContainment(): Promise<Containment> {
  try {
    if (process.platform !== 'linux') throw new Error('only Linux has pid namespaces');
    const containment = await openPidNamespace({
      unshare: findTool('unshare'),
      nsenter: findTool('nsenter'),
    });
    await tryOut(containment);
    return containment;
  } catch (error) {
    const { message } = error as Error;
    throw new ExecError('CONTAINMENT_UNAVAILABLE', `Commands can't be contained: ${message}`, {
      cause: error,
    });
  }
}

/** Whether commands can be contained here. Tried out once for each process; never rejects. */
export function probeContainment(): Promise<ContainmentProbe> {
  return (probe ??= runProbe());
}

let probe: Promise<ContainmentProbe> | undefined;

async function runProbe(): Promise<ContainmentProbe> {
  try {
    const containment = await openContainment();
    await containment[Symbol.asyncDispose]();
    const where = isRoot() ? '' : ' within a user namespace';
    return { available: true, reason: `Commands can run in a pid namespace${where}` };
  } catch (error) {
    return { available: false, reason: (error as Error).message };
  }
}

/** That a place can be made does not say that it may be entered. */
async function tryOut(containment: Containment): Promise<void> {
  try {
    const [nsenter, ...args] = containment.enter('/');
    await promisify(execFile)(nsenter, [...args, '/bin/sh', '-c', ':'], { timeout: startLimitMs });
  } catch (error) {
    await containment[Symbol.asyncDispose]();
    throw error;
  }
}

function findTool(name: string): string {
  try {
    return findProgram(name, { cwd: '/', path: process.env['PATH'] });
  } catch (error) {
    throw new Error(`there is no program "${name}"`, { cause: error });
  }
}
