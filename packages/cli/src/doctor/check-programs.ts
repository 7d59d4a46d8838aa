import { probeContainment, runCommand } from '@codex-orchestrator/exec';

import type { Check } from '../doctor-checks.js';
import type { Io } from '../io.js';

/** Looks for the programs that stages and records need by starting them. */
export async function checkPrograms(io: Io): Promise<Check[]> {
  const git = await firstLine(['git', '--version'], io);
  const shell = await firstLine('echo ok', io);
  return [
    git === undefined
      ? { id: 'git', status: 'warning', message: 'not found; runs work without it' }
      : { id: 'git', status: 'ok', message: git },
    shell === 'ok'
      ? { id: 'sh', status: 'ok', message: 'starts' }
      : { id: 'sh', status: 'error', message: 'the shell does not start: no command line can run' },
  ];
}

/** Whether runs can be contained here. It is no error: only `start --contain` needs it. */
export async function checkContainment(): Promise<Check> {
  const { available, reason } = await probeContainment();
  return available
    ? { id: 'containment', status: 'ok', message: reason }
    : { id: 'containment', status: 'ok', message: `start --contain is refused here: ${reason}` };
}

/** What a command prints first; undefined unless it succeeds in time. */
async function firstLine(
  command: string | readonly [string, ...string[]],
  { env, cwd, clock }: Io,
): Promise<string | undefined> {
  const { outcome, stdout } = await runCommand(command, { env, cwd, clock, timeoutMs: 10_000 });
  if (outcome.kind !== 'exited' || outcome.exitCode !== 0) return undefined;
  return stdout.text.split('\n')[0];
}
