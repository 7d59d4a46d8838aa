import type { FileSystem } from '@codex-orchestrator/core';

import type { SpawnFailure } from './command-result.js';
import type { CommandLine, RunSettings } from './run-options.js';

/**
 * Says what kept a command from starting. The system answers a missing working folder with the very
 * error of a missing program, and Node then blames the program: so the folder is looked at first.
 */
export function describeSpawnFailure(
  error: unknown,
  command: CommandLine,
  { cwd, fs }: RunSettings,
): SpawnFailure {
  const folderFailure = cwd === undefined ? undefined : checkFolder(cwd, fs);
  if (folderFailure !== undefined) return folderFailure;
  const { code = 'UNKNOWN', message } = error as NodeJS.ErrnoException;
  const program = typeof command === 'string' ? 'the shell' : `"${command[0]}"`;
  return {
    kind: 'spawn-failed',
    errno: code,
    subject: 'command',
    message: `Starting ${program} failed: ${reasons[code] ?? message}`,
    exitCode: code === 'ENOENT' ? 127 : 126,
  };
}

function checkFolder(cwd: string, fs: FileSystem): SpawnFailure | undefined {
  try {
    // The dot asks for the right to enter the folder, as a start in it does.
    fs.stat(`${cwd}/.`);
    return undefined;
  } catch (error) {
    const { code = 'UNKNOWN', message } = error as NodeJS.ErrnoException;
    return {
      kind: 'spawn-failed',
      errno: code,
      subject: 'cwd',
      message: `Starting in the folder "${cwd}" failed: ${folderReasons[code] ?? message}`,
      exitCode: 126,
    };
  }
}

const reasons: Readonly<Record<string, string>> = {
  E2BIG: 'arguments and environment are too long',
  EACCES: 'it may not be executed',
  EAGAIN: 'there are too many processes',
  EMFILE: 'this process has too many open files',
  ENFILE: 'the system has too many open files',
  ENOENT: 'it, or the interpreter that it names, was not found',
  ENOEXEC: 'it is not a program for this system',
  ENOMEM: 'there is not enough memory',
};

const folderReasons: Readonly<Record<string, string>> = {
  EACCES: 'it may not be entered',
  ENOENT: 'it does not exist',
  ENOTDIR: 'it is not a folder',
};
