import { CoreError } from './errors.js';
import { nodeFileSystem } from './file-system.js';
import type { FileSystem } from './file-system.js';
import { messageOf } from './message-of.js';
import { readFile } from './read-file.js';

export interface ReadJsonOptions {
  /**
   * A larger file is not read.
   *
   * @default 268_435_456
   */
  readonly maxBytes?: number;
  readonly fs?: FileSystem;
}

/**
 * Reads one JSON file. A byte order mark is skipped. The value is unchecked: parse it with a schema.
 *
 * @throws CoreError `READ_FAILED` (its `errno` is `ENOENT` when there is no file), `INVALID_JSON`.
 */
export function readJson(path: string, options: ReadJsonOptions = {}): Promise<unknown> {
  return Promise.resolve().then(() => parseJson(path, readText(path, options)));
}

function readText(path: string, options: ReadJsonOptions): string {
  const { maxBytes = 256 * 1024 * 1024, fs = nodeFileSystem } = options;
  try {
    return readFile(fs, path, maxBytes).toString('utf8');
  } catch (cause) {
    const message = `Cannot read "${path}": ${messageOf(cause)}`;
    throw new CoreError('READ_FAILED', message, { path, cause });
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text) as unknown;
  } catch (cause) {
    const message = `Expected JSON in "${path}": ${messageOf(cause)}`;
    throw new CoreError('INVALID_JSON', message, { path, cause });
  }
}
