import type { FileSystem } from '@codex-orchestrator/core';

import type { OpenLog } from '../log/replace-source.js';
import { CountedFiles } from '../log/read-cost.js';
import { LineScan } from '../log/scan-lines.js';
import type { ScannedLine } from '../log/scan-lines.js';
import { scanPieces } from '../log/scan-pieces.js';
import type { PieceReport } from '../log/scan-pieces.js';
import type { HygieneProgress } from './ports.js';

export interface OpenLogScan {
  readonly fs: FileSystem;
  readonly taskId: string;
  /** Where to stop. */
  readonly end: number;
  /** Whether a last line is visited that no newline ends. @default true */
  readonly takesUnended?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: HygieneProgress) => void) | undefined;
  readonly visit: (line: ScannedLine) => void;
  /** Called between two chunks; what it returns is waited for. */
  readonly afterChunk?: (() => Promise<void> | void) | undefined;
}

/** Chunks between two pauses, in which other work gets its turn. */
const CHUNKS_AT_ONCE = 4;

/** As `scanLog`, of a log that is open already: each pass sees the same file. */
export async function scanOpenLog(log: OpenLog, scan: OpenLogScan): Promise<PieceReport> {
  const { fs, taskId, end, signal, onProgress, visit, afterChunk } = scan;
  signal?.throwIfAborted();
  let bytes = 0;
  const files = new CountedFiles(fs);
  const steps = scanPieces(new LineScan({ taskId, search: undefined, visit }), {
    fd: log.fd,
    files,
    from: 0,
    size: end,
    takesUnended: scan.takesUnended,
  });
  for (let taken = 1; ; taken++) {
    const step = steps.next();
    if (files.bytesRead !== bytes) onProgress?.({ bytes: files.bytesRead, totalBytes: end });
    bytes = files.bytesRead;
    await afterChunk?.();
    if (step.done) return step.value;
    if (taken % CHUNKS_AT_ONCE === 0) await new Promise(setImmediate);
    signal?.throwIfAborted();
  }
}
