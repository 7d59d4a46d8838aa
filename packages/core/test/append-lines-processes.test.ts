import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { bundleChildProgram, createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { visitLines } from '../src/index.js';

const WRITERS = 8;

test.each([
  { lines: 300, maxBytes: 2_000 },
  { lines: 60, maxBytes: 64 * 1024 },
  { lines: 4, maxBytes: 1024 * 1024 },
])(
  '8 processes that append at once neither tear nor lose nor mix lines: up to $maxBytes bytes',
  async ({ lines, maxBytes }) => {
    await using rig = await createRig();
    await using program = await bundleChildProgram(
      new URL('fixtures/append-many.ts', import.meta.url),
    );
    const children = Array.from({ length: WRITERS }, (_, writer) =>
      spawn(process.execPath, [
        program.path,
        rig.path('shared'),
        String(writer + 1),
        String(lines),
        String(maxBytes),
      ]),
    );
    await Promise.all(children.map((child) => once(child.stdout, 'data')));
    const ends = children.map((child) => once(child, 'close'));
    for (const child of children) child.stdin.write('go');
    expect(await Promise.all(ends)).toEqual(children.map(() => [0, null]));

    const next = new Map<string, number>();
    await visitLines(rig.path('shared'), (line) => {
      // Allowed where a writer was held up in the middle of a write; see appendLines.
      if (line.byteLength === 0) return;
      const [writer = '', index, length, filler] = line.text.split(' ');
      expect(Number(index)).toBe(next.get(writer) ?? 0);
      expect(filler === writer.repeat(Number(length))).toBe(true);
      next.set(writer, Number(index) + 1);
    });
    expect([...next.values()]).toEqual(Array<number>(WRITERS).fill(lines));
  },
);
