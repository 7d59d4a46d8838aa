/**
 * The ways to count a whole history, each run as a process of its own:
 * `node history-contenders.mjs <name> <history> <folder> <module>` prints `{insideMs, peakMb, totals}`,
 * where `insideMs` leaves out what it takes to start Node and to load the module.
 *
 * In `folder` lies the history as that of a task, for those who write their results as files.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';

import { peerAggregator, placeOf, taskId } from './history-place.mjs';
import { totalsOfFiles } from './history-totals.mjs';
import { peakMemoryMb } from './process-cost.mjs';

const chunkBytes = 2 ** 20;

/** By name: loads what it needs and gives the function to measure, which gives the totals. */
const contenders = {
  ours: ({ folder, module }) => countOurs(folder, module, {}),

  /** With another thread for the second half of the history. */
  threads: ({ folder, module }) =>
    countOurs(folder, module, { worker: new URL(import.meta.resolve(`${module}/range-worker`)) }),

  async peer({ folder, module }) {
    const { updateMetricsAggregates } = await import(pathOf(module, peerAggregator));
    const { createMetricsLayout } = await import('@codex-orchestrator/metrics');
    const { runsDir, outDir } = placeOf(folder);
    return async () => {
      await updateMetricsAggregates({ taskId, runsRoot: runsDir, outRoot: outDir });
      return () => totalsOfFiles(createMetricsLayout(placeOf(folder)));
    };
  },

  async duckdb({ history, module }) {
    const { DuckDBInstance } = await import(
      pathOf(module, 'node_modules/@duckdb/node-api/lib/index.js')
    );
    const { countWithDuckDb } = await import('./history-duckdb.mjs');
    return async () => {
      const totals = await countWithDuckDb(DuckDBInstance, history);
      return () => totals;
    };
  },

  /** The simplest program that is not slow: chunks, `indexOf`, `JSON.parse` of each line. */
  async parse({ history }) {
    const { createCounts } = await import('./history-counts.mjs');
    return () => {
      const counts = createCounts();
      readLines(history, (text) => counts.add(JSON.parse(text)));
      return () => counts.totals();
    };
  },

  /** What reading alone takes in Node. */
  async read({ history }) {
    return () => {
      readChunks(history, () => undefined);
      return () => null;
    };
  },
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [, , name, history, folder, module] = process.argv;
  const count = await contenders[name]({ history, folder, module });
  const start = performance.now();
  const totals = await count();
  const insideMs = performance.now() - start;
  const peakMb = peakMemoryMb();
  console.log(JSON.stringify({ insideMs, peakMb, totals: totals() }));
}

async function countOurs(folder, module, options) {
  const { createMetricsLayout, rebuildAggregates } = await import(module);
  const layout = createMetricsLayout(placeOf(folder));
  return async () => {
    await rebuildAggregates(layout, options);
    return () => totalsOfFiles(layout);
  };
}

function pathOf(folder, path) {
  return pathToFileURL(join(folder, path)).href;
}

function readLines(path, visit) {
  let rest = Buffer.alloc(0);
  readChunks(path, (chunk) => {
    let start = 0;
    let end = chunk.indexOf(10);
    if (rest.length > 0 && end >= 0) {
      visit(Buffer.concat([rest, chunk.subarray(0, end)]).toString());
      rest = Buffer.alloc(0);
      start = end + 1;
      end = chunk.indexOf(10, start);
    }
    for (; end >= 0; end = chunk.indexOf(10, start)) {
      visit(chunk.utf8Slice(start, end));
      start = end + 1;
    }
    rest = Buffer.concat([rest, chunk.subarray(start)]);
  });
}

function readChunks(path, visit) {
  const fd = openSync(path, 'r');
  const chunk = Buffer.alloc(chunkBytes);
  try {
    for (let size = readSync(fd, chunk); size > 0; size = readSync(fd, chunk)) {
      visit(chunk.subarray(0, size));
    }
  } finally {
    closeSync(fd);
  }
}
