import { codeOf } from '@codex-orchestrator/core';
import type { FileSystem, RandomSource } from '@codex-orchestrator/core';

import { RunIndexUnusable } from './index-mark.js';
import type { IndexMark } from './index-mark.js';
import { SLOT_BYTES } from './slot.js';

/** The slots begin at a page of their own. */
export const HEADER_BYTES = 4096;
const HEADER_WORDS = 16;
/** `RUNINDEX`, in the byte order of the machine: the file of one with another order is not read. */
const MAGIC = [0x494e5552, 0x5845444e];
const FORMAT_VERSION = 1;
const SEQUENCE_WORD = 8;

/** The smallest table: 20 KiB on disk. */
export const MIN_CAPACITY_BITS = 10;
/** A table of 32 GiB. */
export const MAX_CAPACITY_BITS = 31;

/** Which file an index is. */
export type IndexIdentity = Pick<IndexMark, 'capacity' | 'generation' | 'id'>;

export interface NewIndexFile {
  readonly path: string;
  readonly generation: number;
  readonly capacityBits: number;
  readonly fs: FileSystem;
  readonly random: RandomSource;
}

/** An open file with a header and slots. Counts what it moves. */
export class IndexFile implements Disposable {
  readonly path: string;
  readonly identity: IndexIdentity;
  bytesRead = 0;
  bytesWritten = 0;
  readonly #fs: FileSystem;
  readonly #fd: number;
  #closed = false;

  private constructor(options: {
    readonly path: string;
    readonly identity: IndexIdentity;
    readonly fs: FileSystem;
    readonly fd: number;
  }) {
    this.path = options.path;
    this.identity = options.identity;
    this.#fs = options.fs;
    this.#fd = options.fd;
  }

  /** Makes a file without any slot in use, in place of whatever has that name. */
  static create({ path, generation, capacityBits, fs, random }: NewIndexFile): IndexFile {
    const capacity = 2 ** capacityBits;
    const bytes = random.bytes(8);
    const identity = { generation, capacity, id: Buffer.from(bytes).toString('hex') };
    removeIfThere(fs, path);
    const file = new IndexFile({ path, identity, fs, fd: fs.open(path, 'wx+') });
    try {
      fs.ftruncate(file.#fd, HEADER_BYTES + capacity * SLOT_BYTES);
      file.write(bytesOf(headerOf(identity, 0)), 0);
      return file;
    } catch (error) {
      file.remove();
      throw error;
    }
  }

  /**
   * Opens the file that a checkpoint names.
   *
   * @throws RunIndexUnusable when there is no such file, it is another one or it does not have its size,
   * and the errno errors of the file system.
   */
  static open(
    path: string,
    identity: IndexIdentity,
    { fs, flags }: { readonly fs: FileSystem; readonly flags: 'r' | 'r+' },
  ): { readonly file: IndexFile; readonly sequence: number; readonly inode: number } {
    const file = new IndexFile({ path, identity, fs, fd: openExisting(fs, path, flags) });
    try {
      const { size, ino } = fs.fstat(file.#fd);
      if (size !== HEADER_BYTES + identity.capacity * SLOT_BYTES) throw file.unusable('truncated');
      const found = new Int32Array(HEADER_WORDS);
      file.read(bytesOf(found), 0);
      const sequence = sequenceOf(found);
      const expected = headerOf(identity, sequence);
      if (!found.every((word, at) => word === expected[at])) throw file.unusable('other-file');
      return { file, sequence, inode: ino };
    } catch (error) {
      file[Symbol.dispose]();
      throw error;
    }
  }

  get inode(): number {
    return this.#fs.fstat(this.#fd).ino;
  }

  /** Says which commit the slots belong to that are written from now on. */
  writeSequence(sequence: number): void {
    const word = new Float64Array([sequence]);
    this.write(bytesOf(word), SEQUENCE_WORD * Int32Array.BYTES_PER_ELEMENT);
  }

  /** Fills the view. @throws RunIndexUnusable where the file ends before. */
  read(view: Uint8Array, position: number): void {
    for (let filled = 0; filled < view.byteLength;) {
      const rest = filled === 0 ? view : view.subarray(filled);
      const count = this.#fs.read(this.#fd, rest, position + filled);
      if (count === 0) throw this.unusable('truncated');
      filled += count;
    }
    this.bytesRead += view.byteLength;
  }

  write(view: Uint8Array, position: number): void {
    for (let written = 0; written < view.byteLength;) {
      const rest = written === 0 ? view : view.subarray(written);
      const count = this.#fs.write(this.#fd, rest, position + written);
      if (count <= 0) throw new Error(`Cannot write to "${this.path}": nothing was written`);
      written += count;
    }
    this.bytesWritten += view.byteLength;
  }

  unusable(problem: RunIndexUnusable['problem']): RunIndexUnusable {
    return new RunIndexUnusable(problem, this.path);
  }

  /** Closes and removes it. */
  remove(): void {
    this[Symbol.dispose]();
    removeIfThere(this.#fs, this.path);
  }

  /** Closes it; an error of closing is none, for a file that lost writes is found out by its digest. */
  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    try {
      this.#fs.close(this.#fd);
    } catch {
      // The descriptor is gone in either case.
    }
  }
}

/** The bytes of words, for reading or writing them in place. */
export function bytesOf(words: Int32Array | Float64Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}

function openExisting(fs: FileSystem, path: string, flags: 'r' | 'r+'): number {
  try {
    return fs.open(path, flags);
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') throw new RunIndexUnusable('missing', path, { cause });
    throw cause;
  }
}

function removeIfThere(fs: FileSystem, path: string): void {
  try {
    fs.unlink(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

function headerOf({ capacity, generation, id }: IndexIdentity, sequence: number): Int32Array {
  const words = new Int32Array(HEADER_WORDS);
  words.set([...MAGIC, FORMAT_VERSION, Math.log2(capacity), generation]);
  words[6] = Number.parseInt(id.slice(0, 8), 16);
  words[7] = Number.parseInt(id.slice(8), 16);
  sequenceWord(words)[0] = sequence;
  return words;
}

function sequenceOf(words: Int32Array): number {
  return sequenceWord(words)[0] ?? 0;
}

function sequenceWord(words: Int32Array): Float64Array {
  return new Float64Array(words.buffer, words.byteOffset + SEQUENCE_WORD * 4, 1);
}
