import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';

import { nodeFileSystem, systemRandom, writeAll } from '@codex-orchestrator/core';

/** A file that is written piece by piece, and is there only once it is whole. */
export interface OutputFile extends Disposable {
  write(text: string): void;
  /** Puts the file in its place, where another one may have been. */
  commit(): void;
}

/** Disposed of before it is committed, it leaves nothing. */
export function openOutputFile(path: string): OutputFile {
  const partPath = `${path}.${Buffer.from(systemRandom.bytes(4)).toString('hex')}.part`;
  // Only for its owner: what is exported may be private.
  const fd = openSync(partPath, 'wx', 0o600);
  let isOpen = true;
  let isThere = true;
  const close = (): void => {
    if (isOpen) closeSync(fd);
    isOpen = false;
  };
  return {
    write(text) {
      writeAll(nodeFileSystem, fd, Buffer.from(text));
    },
    commit() {
      fsyncSync(fd);
      close();
      renameSync(partPath, path);
      isThere = false;
    },
    [Symbol.dispose]() {
      close();
      if (isThere) rmSync(partPath, { force: true });
    },
  };
}
