import {
  closeSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmdirSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import type { Stats } from 'node:fs';

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
  open: (path, flags, mode) => openSync(path, flags, mode),
  close: (fd) => {
    closeSync(fd);
  },
  read: (fd, view, position) => readSync(fd, view, 0, view.byteLength, position),
  write: (fd, view, position) => writeSync(fd, view, 0, view.byteLength, position),
  fsync: (fd) => {
    fsyncSync(fd);
  },
  ftruncate: (fd, length) => {
    ftruncateSync(fd, length);
  },
  fchmod: (fd, mode) => {
    fchmodSync(fd, mode);
  },
  fchown: (fd, uid, gid) => {
    fchownSync(fd, uid, gid);
  },
  fstat: (fd) => fstatSync(fd),
  stat: (path) => statSync(path),
  lstat: (path) => lstatSync(path),
  rename: (from, to) => {
    renameSync(from, to);
  },
  link: (existing, created) => {
    linkSync(existing, created);
  },
  unlink: (path) => {
    unlinkSync(path);
  },
  mkdir: (path, options) => {
    mkdirSync(path, options);
  },
  rmdir: (path) => {
    rmdirSync(path);
  },
  readdir: (path) => readdirSync(path),
  readlink: (path) => readlinkSync(path),
  realpath: (path) => realpathSync.native(path),
  utimes: (path, atimeSeconds, mtimeSeconds) => {
    utimesSync(path, atimeSeconds, mtimeSeconds);
  },
};
