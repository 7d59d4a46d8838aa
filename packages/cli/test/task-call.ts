import { systemClock } from '@codex-orchestrator/core';

import { Answer } from '../src/answer.js';
import { parseArguments } from '../src/arguments/parse-arguments.js';
import type { RequestedFormat } from '../src/command.js';
import { taskCommands } from '../src/commands/task/task-commands.js';
import type { Io, OutputStream } from '../src/io.js';

export interface TaskCall {
  readonly exitCode: number;
  readonly stdout: string;
}

/** Runs one of the commands of tasks in a folder; rejects with what the program would report. */
export async function callTask(root: string, ...argv: readonly string[]): Promise<TaskCall> {
  let stdout = '';
  const stream: OutputStream = {
    isTTY: false,
    columns: () => undefined,
    write: (content) => {
      stdout += Buffer.from(content).toString('utf8');
    },
  };
  const request = parseArguments(['task', ...argv], taskCommands());
  if (request.kind !== 'command') throw new Error(`Expected a command, got ${request.kind}`);
  const io = { stdout: stream, stderr: stream, env: {}, cwd: root, clock: systemClock };
  const answer = new Answer(stream, (request.flags['format'] ?? 'text') as RequestedFormat);
  const command = await request.command.load();
  const exitCode = await command(request, {
    io: io as unknown as Io,
    format: answer.format,
    answer,
  });
  return { exitCode, stdout };
}

/** The same for `--format json`. */
export async function askTask(
  root: string,
  ...argv: readonly string[]
): Promise<Record<string, unknown>> {
  const { stdout } = await callTask(root, ...argv, '--format=json');
  return JSON.parse(stdout) as Record<string, unknown>;
}
