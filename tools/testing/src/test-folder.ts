import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where Linux has a file system in memory. */
const memoryFolder = '/dev/shm';
/** Tests beside each other leave large files for moments; none comes near this together with others. */
const minFreeBytes = 4 * 1024 ** 3;

/** The folder that all temp folders of one run of tests are in; what was left in it goes with it. */
export interface TestFolder {
  /** Absolute path of the folder for bundles that several test files use. */
  readonly bundlesFolder: string;
  [Symbol.dispose](): void;
}

/**
 * Makes a folder the temp folder of this process and of those that it starts. Those of processes that
 * died before they could remove them are removed first: in memory they would take room for good.
 *
 * @param parent Absolute path of the folder to make it in.
 */
export function openTestFolder(parent: string): TestFolder {
  sweepDeadFolders(parent);
  const path = mkdtempSync(join(parent, `tests-${process.pid}-`));
  // Programs that a test starts as somebody else have to find what is theirs in it.
  chmodSync(path, 0o755);
  const bundlesFolder = join(path, 'bundles');
  const { TMPDIR, TEST_BUNDLES } = process.env;
  setVariables({ TMPDIR: path, TEST_BUNDLES: bundlesFolder });
  return {
    bundlesFolder,
    [Symbol.dispose]() {
      setVariables({ TMPDIR, TEST_BUNDLES });
      rmSync(path, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

function setVariables(variables: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
}

function sweepDeadFolders(parent: string): void {
  for (const name of readdirSync(parent)) {
    const [, pid] = /^tests-(\d+)-\w+$/.exec(name) ?? [];
    if (pid === undefined || isAlive(Number(pid))) continue;
    rmSync(join(parent, name), { recursive: true, force: true, maxRetries: 3 });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/**
 * A folder in memory, where syncing costs nothing, if there is one with room in which programs may be
 * started; otherwise, and when `TMPDIR` says where to go, the usual temp folder.
 */
export function cheapestParent(): string {
  if (process.env['TMPDIR'] !== undefined) return tmpdir();
  return hasRoom() && startsPrograms() ? memoryFolder : tmpdir();
}

function hasRoom(): boolean {
  try {
    const { bavail, bsize } = statfsSync(memoryFolder);
    return Math.min(bavail * bsize, freemem()) >= minFreeBytes;
  } catch {
    return false;
  }
}

/** Containers often forbid it there. */
function startsPrograms(): boolean {
  try {
    const folder = mkdtempSync(join(memoryFolder, 'tests-probe-'));
    const program = join(folder, 'program');
    writeFileSync(program, '#!/bin/sh\n', { mode: 0o755 });
    const { status } = spawnSync(program);
    rmSync(folder, { recursive: true, force: true });
    return status === 0;
  } catch {
    return false;
  }
}
