import type { Stats } from 'node:fs';

import { nodeFs } from './node-modules.js';

/**
 * The file-system calls that this workspace makes, one method per system call, synchronous.
 *
 * Synchronous, because the writes here are small and their order is the point: one call is one
 * system call, so counts are exact, a fault can be placed on each of them, and no thread-pool hop
 * doubles the cost of a 20 KB replace. Every method throws Node's errno errors unchanged.
 */
export interface FileSystem {
  open(path: string, flags: string | number, mode?: number): number;
  close(fd: number): void;
  /** Fills the view from `position`, or from the file's own offset with `null`; returns the bytes read, 0 at the end. */
  read(fd: number, view: Uint8Array, position: number | null): number;
  /** Writes the view at `position` (`null`: the file's own offset); a full disk shows as a short count without an error. */
  write(fd: number, view: Uint8Array, position: number | null): number;
  fsync(fd: number): void;
  ftruncate(fd: number, length: number): void;
  fchmod(fd: number, mode: number): void;
  fchown(fd: number, uid: number, gid: number): void;
  fstat(fd: number): Stats;
  stat(path: string): Stats;
  lstat(path: string): Stats;
  rename(from: string, to: string): void;
  link(existing: string, created: string): void;
  unlink(path: string): void;
  mkdir(path: string, options?: { readonly recursive?: boolean; readonly mode?: number }): void;
  /** Removes an empty folder. */
  rmdir(path: string): void;
  readdir(path: string): string[];
  readlink(path: string): string;
  realpath(path: string): string;
  utimes(path: string, atimeSeconds: number, mtimeSeconds: number): void;
}

/** The real file system. */
export const nodeFileSystem: FileSystem = {
  open: (path, flags, mode) => nodeFs.openSync(path, flags, mode),
  close: (fd) => {
    nodeFs.closeSync(fd);
  },
  read: (fd, view, position) => nodeFs.readSync(fd, view, 0, view.byteLength, position),
  write: (fd, view, position) => nodeFs.writeSync(fd, view, 0, view.byteLength, position),
  fsync: (fd) => {
    nodeFs.fsyncSync(fd);
  },
  ftruncate: (fd, length) => {
    nodeFs.ftruncateSync(fd, length);
  },
  fchmod: (fd, mode) => {
    nodeFs.fchmodSync(fd, mode);
  },
  fchown: (fd, uid, gid) => {
    nodeFs.fchownSync(fd, uid, gid);
  },
  fstat: (fd) => nodeFs.fstatSync(fd),
  stat: (path) => nodeFs.statSync(path),
  lstat: (path) => nodeFs.lstatSync(path),
  rename: (from, to) => {
    nodeFs.renameSync(from, to);
  },
  link: (existing, created) => {
    nodeFs.linkSync(existing, created);
  },
  unlink: (path) => {
    nodeFs.unlinkSync(path);
  },
  mkdir: (path, options) => {
    nodeFs.mkdirSync(path, options);
  },
  rmdir: (path) => {
    nodeFs.rmdirSync(path);
  },
  readdir: (path) => nodeFs.readdirSync(path),
  readlink: (path) => nodeFs.readlinkSync(path),
  realpath: (path) => nodeFs.realpathSync.native(path),
  utimes: (path, atimeSeconds, mtimeSeconds) => {
    nodeFs.utimesSync(path, atimeSeconds, mtimeSeconds);
  },
};
