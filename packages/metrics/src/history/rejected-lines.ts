import { withFile, writeAll } from '@codex-orchestrator/core';
import type { LinePosition } from '@codex-orchestrator/core';

import { appendLines, endTornTail } from './append-lines.js';
import type { AppendRequest } from './append-lines.js';
import { LineBatch } from './line-batch.js';
import { openFlags } from './open-flags.js';

const COPY_BYTES = 256 * 1024;
const NEWLINE = Buffer.of(10);

/** The lines of one file that are no entries, appended to a file beside it; with none there is no such file. */
export class RejectedLines {
  /** Whether there were any. */
  any = false;

  readonly #path: string;
  readonly #request: AppendRequest;
  readonly #lines: LineBatch;

  constructor(path: string, request: AppendRequest) {
    this.#path = path;
    this.#request = request;
    this.#lines = new LineBatch({ maxLines: 0, maxBytes: 2 ** 20 }, (lines) => {
      appendLines(path, lines, request);
    });
  }

  add(line: Buffer): void {
    this.any = true;
    this.#lines.add(line);
  }

  /** A line that is too long to be held in memory, by its place. */
  copy(from: string, { offset, byteLength }: LinePosition): void {
    this.any = true;
    this.#lines.flush();
    const { fs } = this.#request;
    const target = { path: this.#path, flags: openFlags.appendOrCreate, mode: 0o666 };
    withFile(fs, { path: from, flags: openFlags.read }, (source) => {
      withFile(fs, target, (fd) => {
        endTornTail(fs, fd);
        const piece = Buffer.allocUnsafe(COPY_BYTES);
        for (let done = 0; done < byteLength;) {
          const view = piece.subarray(0, Math.min(COPY_BYTES, byteLength - done));
          const count = fs.read(source, view, offset + done);
          if (count === 0) break;
          writeAll(fs, fd, view.subarray(0, count));
          done += count;
        }
        writeAll(fs, fd, NEWLINE);
        fs.fsync(fd);
      });
    });
  }

  flush(): void {
    this.#lines.flush();
  }
}
