import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';

import { cleanEnvironment } from '../counts/clean-environment.js';
import { BenchError, codeOf } from '../errors.js';
import { packagePath } from '../package-path.js';
import { lastWords } from '../last-words.js';

export interface RunChildOptions {
  /** Where the job is written for the child to read. */
  readonly jobFile: string;
  /** Home and working folder of the child. */
  readonly folder: string;
  /** @default 120 000 */
  readonly timeoutMs?: number | undefined;
  /** Of Node. */
  readonly execArgv?: readonly string[];
  /** @default the built `child.js` of this package */
  readonly program?: string | undefined;
}

/**
 * Runs a job in a fresh process with a clean environment and waits for its end. What a guard prints is
 * thrown away, but for the end of its stderr where the child fails.
 *
 * @throws BenchError `CHILD_FAILED` where it took too long, was killed or ended with an exit code
 */
export async function runChild(
  job: object,
  { jobFile, folder, timeoutMs = 120_000, execArgv = [], program }: RunChildOptions,
): Promise<void> {
  await writeFile(jobFile, JSON.stringify(job));
  const child = spawn(
    process.execPath,
    [...execArgv, program ?? packagePath('dist/child.js'), jobFile],
    {
      cwd: folder,
      env: cleanEnvironment(process.env, folder),
      stdio: ['ignore', 'ignore', 'pipe'],
      // A group of its own: what the guard starts ends with it.
      detached: process.platform !== 'win32',
      windowsHide: true,
    },
  );
  const end = (): void => {
    killGroup(child.pid);
  };
  process.once('exit', end);
  const stderr = tailOf(child.stderr);
  const tooLong = new AbortController();
  const timer = setTimeout(() => {
    tooLong.abort();
    end();
  }, timeoutMs);
  const [exitCode, signal] = (await once(child, 'exit')) as [number | null, string | null];
  clearTimeout(timer);
  end();
  process.off('exit', end);
  await stderr.ended;
  if (exitCode === 0) return;
  const how = tooLong.signal.aborted
    ? `took longer than ${timeoutMs} ms`
    : `ended with ${signal ?? `exit code ${String(exitCode)}`}`;
  throw new BenchError('CHILD_FAILED', `its process ${how}${lastWords(stderr.text())}`);
}

/** Kills a process and what it started and did not end. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error;
  }
}

function tailOf(stream: Readable): {
  readonly text: () => string;
  readonly ended: Promise<unknown>;
} {
  let tail = '';
  stream.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-4000);
  });
  return { text: () => tail, ended: once(stream, 'close') };
}
