import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readJournal } from '@codex-orchestrator/manifest';

import { Repository } from '../repository.mjs';

/** @type {import('../run-parts.mjs').Part} */
export const everyByte = {
  id: 'every-byte',
  title: 'A journal cut at every byte, and with every byte changed',
  async run(report, context) {
    const journal = await recordJournal(context);
    const step = context.quick ? 7 : 1;
    await report.check(
      'journal cut at every byte: the whole lines before the cut are read',
      async (tally) => {
        await withFolder(async (folder) => {
          const path = join(folder, 'runner.ndjson');
          for (let length = 0; length <= journal.length; length += step) {
            writeFileSync(path, journal.subarray(0, length));
            tally.add(`cut after ${length} bytes`, await wrongAfterCut(path, journal, length));
          }
        });
      },
    );
  },
};

/**
 * @param {string} path
 * @param {Buffer} journal
 * @param {number} length
 */
async function wrongAfterCut(path, journal, length) {
  const { events, damaged, tornTail } = await readJournal(path);
  const end = journal.lastIndexOf('\n', length - 1) + 1;
  const whole = length === 0 ? 0 : journal.subarray(0, end).toString('utf8').split('\n').length - 1;
  return [
    ...(events.length === whole ? [] : [`${events.length} events of ${whole} whole lines`]),
    ...(damaged.length === 0 ? [] : [`${damaged.length} lines called damaged`]),
    ...(length > end === (tornTail !== undefined && tornTail !== null)
      ? []
      : ['the torn tail is not told']),
  ];
}

/** @param {import('../run-parts.mjs').Context} context */
async function recordJournal({ commandLine }) {
  const repository = new Repository(commandLine, [{ id: 'a' }, { id: 'b' }]);
  try {
    await repository.call(['start', '--task', 't']);
    return readFileSync(join(repository.runs()[0].folder, 'runner.ndjson'));
  } finally {
    repository.dispose();
  }
}

/**
 * @param {(folder: string) => Promise<void>} work
 */
async function withFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'faults-bytes-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
