import {
  appendFileSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';

import { nodeFileSystem, systemClock, systemRandom } from '@codex-orchestrator/core';
import { createRig } from '@codex-orchestrator/testing';
import { describe, expect, test } from 'vitest';

import { updateIndex } from '../src/index/update-index.js';
import { createExperienceLayout } from '../src/layout.js';
import type { ExperienceLayout } from '../src/layout.js';
import { openExperienceStore } from '../src/store.js';
import type { ExperienceStore } from '../src/store.js';
import { HistoryMaker, TASK } from './history-maker.js';
import { naiveAnswer } from './naive-log.js';

const ports = { fs: nodeFileSystem, clock: systemClock, random: systemRandom };

interface Bench {
  readonly layout: ExperienceLayout;
  readonly store: ExperienceStore;
  readonly maker: HistoryMaker;
}

async function withBench(seed: number, use: (bench: Bench) => Promise<void>): Promise<void> {
  await using rig = await createRig();
  const folders = { runsDir: rig.path('runs'), outDir: rig.path('out') };
  const layout = createExperienceLayout({ ...folders, taskId: TASK });
  await rig.write({ [`out/${TASK}/experiences.jsonl`]: '' });
  using store = openExperienceStore(folders);
  await use({ layout, store, maker: new HistoryMaker(seed) });
}

function grow({ layout, maker }: Bench, appends: number): void {
  let text = '';
  for (let nth = 0; nth < appends; nth++) text += maker.append();
  appendFileSync(layout.logPath, text);
}

/** Asks for all kinds of answers and compares each with that of a full read. */
async function expectSameAnswers(bench: Bench, what: string): Promise<void> {
  const { layout, store, maker } = bench;
  const log = readFileSync(layout.logPath);
  for (const domain of [...maker.domains, 'unknown']) {
    const limit = maker.random.pick([1, 3, 10, 32, 33, 100, Infinity]);
    const minReward = maker.random.pick([undefined, undefined, 0, 1.5, 2.75]);
    const query = { taskId: TASK, domain, limit, minReward };
    const expected = naiveAnswer(log, query);
    const result = await store.fetchTop(query);
    const found = result.records.map((record) => ({
      id: record.id,
      summary: record.summary32,
      ...pickCounters(record),
    }));
    expect(found, `${what}: ${JSON.stringify(query)}, by ${result.source}`).toEqual(
      expected.map(({ id, summary, counters }) => ({ id, summary, ...counters })),
    );
    expect(result.truncated).toBe(false);
  }
}

function pickCounters(record: {
  seen: number;
  uses: number;
  helped: number;
  harmed: number;
  pinned: boolean;
}): object {
  const { seen, uses, helped, harmed, pinned } = record;
  return { seen, uses, helped, harmed, pinned };
}

function domainFiles(layout: ExperienceLayout): string[] {
  return readdirSync(layout.indexDir)
    .filter((name) => name.endsWith('.json'))
    .map((name) => `${layout.indexDir}/${name}`);
}

function flipByte(path: string, { random }: HistoryMaker): void {
  const bytes = readFileSync(path);
  const at = random.integer(0, bytes.byteLength - 1);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << random.integer(0, 7));
  writeFileSync(path, bytes);
}

/** What may happen to files that somebody else can write to. */
const accidents: Readonly<Record<string, (bench: Bench) => void>> = {
  'nothing happened': () => undefined,
  'the index was deleted': ({ layout }) => {
    rmSync(layout.indexPath, { force: true });
    rmSync(layout.indexDir, { recursive: true, force: true });
  },
  'the header was deleted': ({ layout }) => {
    rmSync(layout.indexPath, { force: true });
  },
  'the header was truncated': ({ layout, maker }) => {
    const { byteLength } = readFileSync(layout.indexPath);
    truncateSync(layout.indexPath, maker.random.integer(0, byteLength - 1));
  },
  'a byte of the header was flipped': ({ layout, maker }) => {
    flipByte(layout.indexPath, maker);
  },
  'a domain file was deleted': ({ layout, maker }) => {
    const files = domainFiles(layout);
    if (files.length > 0) rmSync(maker.random.pick(files as [string]));
  },
  'a byte of a domain file was flipped': ({ layout, maker }) => {
    const files = domainFiles(layout);
    if (files.length > 0) flipByte(maker.random.pick(files as [string]), maker);
  },
  'a domain file took the place of another': ({ layout }) => {
    const [first, second] = domainFiles(layout);
    if (first && second) writeFileSync(second, readFileSync(first));
  },
  'the log was truncated': ({ layout, maker }) => {
    const { byteLength } = readFileSync(layout.logPath);
    truncateSync(layout.logPath, maker.random.integer(0, byteLength));
  },
  'the log was truncated and has grown again': (bench) => {
    const { layout, maker } = bench;
    const { byteLength } = readFileSync(layout.logPath);
    truncateSync(layout.logPath, maker.random.integer(0, byteLength));
    appendFileSync(layout.logPath, '\n');
    grow(bench, 60);
  },
  'the log was replaced': (bench) => {
    rmSync(bench.layout.logPath);
    grow(bench, bench.maker.random.integer(0, 80));
  },
  'the log was edited near its end': ({ layout, maker }) => {
    const bytes = readFileSync(layout.logPath);
    const at = Math.max(0, bytes.byteLength - maker.random.integer(1, 2000));
    if (bytes.byteLength > 0) bytes[at] = 0x39;
    writeFileSync(layout.logPath, bytes);
  },
  'half a line was left at the end': ({ layout, maker }) => {
    appendFileSync(layout.logPath, maker.record().slice(0, 40));
  },
  'a line was left without its newline': ({ layout, maker }) => {
    appendFileSync(layout.logPath, `\n${maker.record()}`);
  },
};

describe('the answer by the index is that of a full read', () => {
  for (const [what, happen] of Object.entries(accidents)) {
    test(`when ${what}`, async () => {
      for (let seed = 1; seed <= 2; seed++) {
        await withBench(seed * 7919, async (bench) => {
          for (let round = 0; round < 4; round++) {
            grow(bench, bench.maker.random.integer(1, 90));
            if (bench.maker.random.next() < 0.7) await updateIndex(bench.layout, ports);
            await expectSameAnswers(bench, `seed ${seed}, round ${round}, before`);
            if (bench.maker.random.next() < 0.5) await updateIndex(bench.layout, ports);
            try {
              happen(bench);
            } catch (error) {
              if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
            }
            await expectSameAnswers(bench, `seed ${seed}, round ${round}, after`);
            await expectSameAnswers(bench, `seed ${seed}, round ${round}, once more`);
          }
        });
      }
    });
  }
});
