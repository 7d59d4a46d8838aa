import type { FileSystem } from '@codex-orchestrator/core';

import type { OpenLog } from '../log/replace-source.js';
import { CountedFiles } from '../log/read-cost.js';
import { LineScan } from '../log/scan-lines.js';
import type { ScannedLine } from '../log/scan-lines.js';
import { scanWithPauses } from '../log/scan-log.js';
import type { PieceReport } from '../log/scan-pieces.js';
import type { HygieneProgress } from './hygiene-options.js';

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

/** As `scanLog`, of a log that is open already: each pass sees the same file. */
export async function scanOpenLog(log: OpenLog, scan: OpenLogScan): Promise<PieceReport> {
  const { fs, taskId, end, signal, onProgress, visit, takesUnended } = scan;
  signal?.throwIfAborted();
  const files = new CountedFiles(fs);
  let bytes = 0;
  const afterChunk = (): Promise<void> | void => {
    if (files.bytesRead !== bytes) onProgress?.({ bytes: files.bytesRead, totalBytes: end });
    bytes = files.bytesRead;
    return scan.afterChunk?.();
  };
  const lines = new LineScan({ taskId, search: undefined, visit });
  const source = { fd: log.fd, files, from: 0, size: end, takesUnended };
  return scanWithPauses(lines, source, { signal, afterChunk });
}
