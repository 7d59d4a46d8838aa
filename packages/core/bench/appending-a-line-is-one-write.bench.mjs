import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** @type {import('@codex-orchestrator/bench').ExactGuard} */
export const guard = {
  kind: 'exact',
  promise:
    'Appending lines is one write, of one line and of many, and on a kept descriptor nothing is opened.',
  /** One byte is read to see whether the last line has its newline; a kept descriptor remembers. */
  budget: {
    opens: 1,
    writes: 1,
    bytesRead: 1,
    fsyncs: 0,
    calls: 6,
    keptOpens: 0,
    keptWrites: 1,
    keptBytesRead: 0,
    keptCalls: 2,
  },
  async measure({ load, folder, countFiles }) {
    const { appendLines, openLineAppender } = await load('@codex-orchestrator/core');
    const path = join(folder, 'journal.ndjson');
    writeFileSync(path, '{"first":true}\n');
    const lines = Array.from({ length: 50 }, (_, at) => `{"line":${at}}`);
    const once = countFiles();
    await appendLines(path, lines, { fs: once.fs });
    const kept = countFiles();
    const appender = openLineAppender(path, { fs: kept.fs });
    appender.append(['{"before":true}']);
    const before = kept.counts();
    appender.append(['{"after":true}']);
    const after = kept.counts();
    appender.close();
    const { opens, writes, bytesRead, fsyncs, calls } = once.counts();
    return {
      opens,
      writes,
      bytesRead,
      fsyncs,
      calls,
      keptOpens: after.opens - before.opens,
      keptWrites: after.writes - before.writes,
      keptBytesRead: after.bytesRead - before.bytesRead,
      keptCalls: after.calls - before.calls,
    };
  },
};
