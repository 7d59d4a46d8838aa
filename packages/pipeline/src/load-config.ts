import { messageOf, nodeFileSystem, readFile } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';
import { join, resolve } from 'node:path';

import { PipelineError } from './errors.js';
import { parseConfig } from './parse-config.js';
import type { ConfigSource, PipelineCatalog } from './parse-config.js';

/** Name of the config at the root of a repository. */
export const configFileName = 'codex.orchestrator.json';

/** A config is a page of text; more than this is some other file. */
const maxConfigBytes = 16 * 1024 * 1024;

export interface LoadConfigOptions {
  /** A config elsewhere; relative to the root. It has to be there. @default the root's own config */
  readonly configPath?: string;
  /** @default 'user' */
  readonly source?: ConfigSource;
  readonly fs?: FileSystem;
}

/**
 * Reads the config of a repository; undefined where it has none.
 *
 * @throws PipelineError `CONFIG_NOT_FOUND` where the named config is missing, `CONFIG_UNREADABLE`,
 * `INVALID_CONFIG` with every problem of the file's frame. Problems of one pipeline are not thrown:
 * they are kept beside it.
 */
export function loadConfig(
  root: string,
  options: LoadConfigOptions = {},
): PipelineCatalog | undefined {
  const { configPath, source = 'user', fs = nodeFileSystem } = options;
  const path = configPath === undefined ? join(root, configFileName) : resolve(root, configPath);
  const text = readText(path, fs);
  if (text !== undefined) return parseConfig(text, path, { source });
  if (configPath === undefined) return undefined;
  throw new PipelineError('CONFIG_NOT_FOUND', `Config "${path}" does not exist`, { path });
}

function readText(path: string, fs: FileSystem): string | undefined {
  try {
    return readFile(fs, path, maxConfigBytes).toString('utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    const message = `Config "${path}" cannot be read: ${messageOf(cause)}`;
    throw new PipelineError('CONFIG_UNREADABLE', message, { path, cause });
  }
}
