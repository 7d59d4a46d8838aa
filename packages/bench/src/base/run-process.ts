import { spawn } from 'node:child_process';

/** What a program that was run to its end left. */
export interface Finished {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunProcessOptions {
  readonly cwd: string;
  /** All of its environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether it is a line for the shell rather than a program. @default false */
  readonly shell?: boolean;
}

/**
 * Runs a program to its end, whatever that is.
 *
 * @throws the error of the system where it cannot be started.
 */
export function runProcess(
  program: string,
  args: readonly string[],
  { cwd, env, shell = false }: RunProcessOptions,
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const stdio = ['ignore', 'pipe', 'pipe'] as const;
    const child = spawn(program, args, { cwd, env: { ...env }, shell, stdio: [...stdio] });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', reject);
    child.on('close', (exitCode) => {
      resolve({ exitCode, stdout: textOf(stdout), stderr: textOf(stderr) });
    });
  });
}

/** The last lines of what a program said, for a message. */
export function lastLines(text: string, count = 12): string {
  return text.trim().split('\n').slice(-count).join('\n');
}

function textOf(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('utf8');
}
