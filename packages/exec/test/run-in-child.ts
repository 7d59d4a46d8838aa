import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import type { ChildProgram } from '@codex-orchestrator/testing';

import type { CommandLine, CommandResult, RunCommandOptions } from '../src/index.js';

export interface ChildTask {
  readonly command: CommandLine;
  readonly options?: RunCommandOptions;
  readonly times?: number;
  readonly isContained?: boolean;
}

export interface ChildReport {
  readonly result: CommandResult;
  readonly descriptorsBefore: number;
  readonly descriptorsAfter: number;
  readonly peakRssBytes: number;
}

/** Runs a task by `fixtures/run-command.ts`, behind a launcher such as `unshare` if one is given. */
export async function runInChild(
  program: ChildProgram,
  task: ChildTask,
  launcher: readonly string[] = [],
): Promise<ChildReport> {
  const argv = [...launcher, process.execPath, program.path];
  const [file = process.execPath, ...args] = argv;
  const running = promisify(execFile)(file, args);
  running.child.stdin?.end(JSON.stringify(task));
  const { stdout } = await running;
  return JSON.parse(stdout) as ChildReport;
}
