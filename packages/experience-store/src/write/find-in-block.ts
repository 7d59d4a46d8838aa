import { withFile } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import { BLOCK_BYTES } from '../index/content-slots.js';
import type { ExperienceLayout } from '../layout.js';
import { openFlags } from '../log/open-flags.js';
import { MAX_LINE_BYTES, parseLogLine } from '../record/parse-line.js';

const NEWLINE = 10;
const FIRST_READ_BYTES = 4096;

/**
 * The id of the record with this content whose line begins in one block of the log; `undefined` when
 * there is none (any more), or the log cannot be read.
 */
export function findInBlock(
  layout: ExperienceLayout,
  { blockOffset, contentHash }: { readonly blockOffset: number; readonly contentHash: string },
  fs: FileSystem,
): string | undefined {
  try {
    return withFile(fs, { path: layout.logPath, flags: openFlags.read }, (fd) => {
      if (!fs.fstat(fd).isFile()) return undefined;
      // With the byte in front: it tells whether the block begins with a line.
      const from = Math.max(0, blockOffset - 1);
      const needle = Buffer.from(contentHash);
      for (let length = FIRST_READ_BYTES; length < 2 * MAX_LINE_BYTES; length *= 4) {
        const bytes = Buffer.allocUnsafe(length);
        const count = fs.read(fd, bytes, from);
        const block = { bytes: bytes.subarray(0, count), from, blockOffset };
        const { id, isCut } = search(block, needle, layout.taskId);
        if (!isCut || count < length) return id;
      }
      return undefined;
    });
  } catch {
    return undefined;
  }
}

interface Block {
  readonly bytes: Buffer;
  /** Where the bytes begin in the log. */
  readonly from: number;
  readonly blockOffset: number;
}

interface BlockSearch {
  readonly id?: string;
  /** Whether the last line that begins in the block does not end in these bytes. */
  readonly isCut?: true;
}

function search({ bytes, from, blockOffset }: Block, needle: Buffer, taskId: string): BlockSearch {
  const last = blockOffset + BLOCK_BYTES - from;
  let start = blockOffset === 0 ? 0 : bytes.indexOf(NEWLINE) + 1;
  if (blockOffset > 0 && start === 0) return {};
  while (start < last && start < bytes.byteLength) {
    const end = bytes.indexOf(NEWLINE, start);
    if (end === -1) return { isCut: true };
    const line = bytes.subarray(start, end);
    if (line.includes(needle)) {
      const parsed = parseLogLine(line.toString('utf8'), taskId);
      const isIt =
        parsed.kind === 'record' && parsed.record.contentHash === needle.toString('latin1');
      if (isIt) return { id: parsed.record.id };
    }
    start = end + 1;
  }
  return {};
}
