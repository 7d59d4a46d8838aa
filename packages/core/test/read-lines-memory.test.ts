import { execFile } from 'node:child_process';
import { truncate } from 'node:fs/promises';
import { promisify } from 'node:util';

import { bundleChildProgram, createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { appendLines } from '../src/index.js';
import type { ReadSummary } from '../src/index.js';

const HUGE_BYTES = 600 * 1024 * 1024;

test.skipIf(process.platform !== 'linux')(
  'a line of 600 MiB costs itself only, in less than 120 MB of memory (needs /proc)',
  async () => {
    await using rig = await createRig();
    await using program = await bundleChildProgram(
      new URL('fixtures/read-huge-line.ts', import.meta.url),
    );
    await rig.write({ a: 'before\n' });
    // A hole: 600 MiB of NUL bytes that take no room on the disk.
    await truncate(rig.path('a'), 'before\n'.length + HUGE_BYTES);
    await appendLines(rig.path('a'), ['', 'after'], { shared: false });

    const { stdout } = await promisify(execFile)(process.execPath, [program.path, rig.path('a')]);
    const { summary, texts, peakKiB } = JSON.parse(stdout) as {
      summary: ReadSummary;
      texts: string[];
      peakKiB: number;
    };
    expect(texts).toEqual(['before', '', 'after']);
    expect(summary.oversized).toEqual([{ offset: 7, byteLength: HUGE_BYTES }]);
    expect(peakKiB).toBeLessThan(120 * 1000);
  },
);
