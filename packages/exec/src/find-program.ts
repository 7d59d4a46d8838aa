import { accessSync, constants, statSync } from 'node:fs';
import { resolve } from 'node:path';

export interface ProgramSearch {
  /** Folder that relative names count from. */
  readonly cwd: string;
  /** The `PATH` to look in. @default that of the C library */
  readonly path: string | undefined;
}

/**
 * The file that the system would run for a name, found as execvp(3) finds it. Throws as a start would:
 * `ENOENT`, or `EACCES` when there is such a file but none that may be executed.
 */
export function findProgram(name: string, { cwd, path = '/bin:/usr/bin' }: ProgramSearch): string {
  const folders = name.includes('/') ? [''] : path.split(':').map((folder) => `${folder || '.'}/`);
  let isForbidden = false;
  for (const folder of folders) {
    const file = resolve(cwd, folder + name);
    const code = executableError(file);
    if (code === undefined) return file;
    isForbidden ||= code === 'EACCES';
  }
  const code = isForbidden ? 'EACCES' : 'ENOENT';
  throw Object.assign(new Error(`spawn ${name} ${code}`), { code });
}

function executableError(file: string): string | undefined {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile() ? undefined : 'EACCES';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
}
