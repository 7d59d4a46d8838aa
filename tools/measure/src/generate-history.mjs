/**
 * Histories to measure with: a `metrics.json` of any number of lines, made from a seed by the generator of
 * the performance guards, written once and kept in the folder for temporary files.
 *
 * `node tools/measure/src/generate-history.mjs [lines] [--shape peer|own] [--seed 1] [--hostile]
 * [--out <path>]`; prints where the file lies. About 1.7 KB per line (`own`: 2.5 KB), 1.7 GB per million.
 */
import { closeSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

import { historyChunks, historyLineVersion } from '@codex-orchestrator/bench';

/**
 * @typedef {{lines: number, shape?: 'peer' | 'own', seed?: number, hostile?: boolean}} HistoryOptions
 */

/**
 * Writes a history at `path`, whole or not at all.
 *
 * @param {string} path
 * @param {HistoryOptions} options
 */
export function writeHistory(path, { hostile = false, ...options }) {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.tmp`;
  const fd = openSync(draft, 'w');
  try {
    for (const chunk of historyChunks({ ...options, kind: hostile ? 'hostile' : 'lines' })) {
      for (let at = 0; at < chunk.length;) at += writeSync(fd, chunk, at);
    }
  } finally {
    closeSync(fd);
  }
  renameSync(draft, path);
}

/**
 * The path of a history that is written at most once per machine; copy it before you change it.
 *
 * @param {HistoryOptions} options
 * @returns {{path: string, bytes: number}}
 */
export function cachedHistory({ lines, shape = 'peer', seed = 1, hostile = false }) {
  const kind = hostile ? `${shape}-hostile` : shape;
  const name = `metrics-v${historyLineVersion}-${kind}-${seed}-${lines}.ndjson`;
  const path = join(tmpdir(), 'codex-orchestrator-measure', name);
  const bytes = statSync(path, { throwIfNoEntry: false })?.size;
  if (bytes !== undefined) return { path, bytes };
  writeHistory(path, { lines, shape, seed, hostile });
  return { path, bytes: statSync(path).size };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      shape: { type: 'string', default: 'peer' },
      seed: { type: 'string', default: '1' },
      hostile: { type: 'boolean', default: false },
      out: { type: 'string' },
    },
  });
  const options = {
    lines: Number(positionals[0] ?? 100_000),
    shape: values.shape,
    seed: Number(values.seed),
    hostile: values.hostile,
  };
  if (values.out) writeHistory(values.out, options);
  console.log(values.out ?? cachedHistory(options).path);
}
