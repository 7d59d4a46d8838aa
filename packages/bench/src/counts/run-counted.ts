import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Readable } from 'node:stream';

import { BenchError } from '../errors.js';
import type { ProcessRun } from '../guard/guard.js';
import { lastWords } from '../last-words.js';
import { packagePath } from '../package-path.js';
import { cleanEnvironment } from './clean-environment.js';

export interface RunCountedOptions {
  /** Where it runs, and whose files are counted. */
  readonly cwd: string;
  /** Added to the clean environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** @default [0] */
  readonly exitCodes?: readonly number[];
  /** @default 60 000 */
  readonly timeoutMs?: number;
}

type Report = Pick<ProcessRun, 'byFile' | 'counts' | 'cpuMs'> & { readonly peakBytes?: number };

/**
 * Runs a Node program with a clean environment and without input, and counts what it did. Two runs that do
 * the same have the same counts.
 *
 * @throws BenchError `CHILD_FAILED` where it took too long or died, `GUARD_FAILED` where it exits otherwise
 * than expected
 */
export async function runCounted(
  program: string,
  args: readonly string[],
  { cwd, env = {}, exitCodes = [0], timeoutMs = 60_000 }: RunCountedOptions,
): Promise<ProcessRun> {
  const folder = await mkdtemp(join(tmpdir(), 'counts-'));
  try {
    const root = await realpath(cwd);
    const countFile = join(folder, 'counts.json');
    const counting = { BENCH_COUNT_FILE: countFile, BENCH_COUNT_ROOT: root };
    const argv = ['--require', packagePath('preload/count-process.cjs'), program, ...args];
    const ended = await runToEnd(argv, root, {
      env: { ...cleanEnvironment(process.env, root), ...env, ...counting },
      timeoutMs,
    });
    const { exitCode, ...rest } = ended;
    if (exitCode === null) throw died(program, args, ended, timeoutMs);
    if (!exitCodes.includes(exitCode)) throw unexpected(program, args, ended);
    const { peakBytes, ...report } = await readReport(countFile, program, args);
    return { exitCode, ...rest, ...report, peakBytes };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly wallMs: number;
}

async function runToEnd(
  argv: readonly string[],
  cwd: string,
  { env, timeoutMs }: { readonly env: NodeJS.ProcessEnv; readonly timeoutMs: number },
): Promise<Ended> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, argv, {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    windowsHide: true,
  });
  const output = [textOf(child.stdout), textOf(child.stderr)] as const;
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return {
    exitCode,
    stdout: output[0](),
    stderr: output[1](),
    wallMs: performance.now() - startedMs,
  };
}

function textOf(stream: Readable): () => string {
  const chunks: string[] = [];
  stream.setEncoding('utf8').on('data', (text: string) => chunks.push(text));
  return () => chunks.join('');
}

async function readReport(path: string, program: string, args: readonly string[]): Promise<Report> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Report;
  } catch (cause) {
    throw new BenchError(
      'CHILD_FAILED',
      `Counting "${describe(program, args)}" failed: it ended without its counts`,
      { path: program, cause },
    );
  }
}

function died(
  program: string,
  args: readonly string[],
  { stderr, wallMs }: Ended,
  timeoutMs: number,
): BenchError {
  const how = wallMs >= timeoutMs ? `took longer than ${timeoutMs} ms` : 'was killed';
  return new BenchError(
    'CHILD_FAILED',
    `Counting "${describe(program, args)}" failed: it ${how}${lastWords(stderr)}`,
    { path: program },
  );
}

function unexpected(program: string, args: readonly string[], ended: Ended): BenchError {
  return new BenchError(
    'GUARD_FAILED',
    `Running "${describe(program, args)}" ended with exit code ${String(ended.exitCode)}${lastWords(ended.stderr)}`,
    { path: program },
  );
}

function describe(program: string, args: readonly string[]): string {
  return [program, ...args].join(' ');
}
