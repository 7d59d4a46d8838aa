import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { bundleChildProgram, createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { completed, message, ran } from './take-turn.js';

const run = promisify(execFile);

/** Prints lines of text, then events, then two lines that never seem to end, and ends well. */
function flood(wordBytes: number, eventBytes: number, lineBytes: number): string {
  const output = 'a line that a tool printed\\n'.repeat(300);
  const event = JSON.stringify(ran('npm test', 0, output));
  return [
    `yes 'words that are no event' | head -c ${wordBytes}; echo`,
    `yes '${event}' | head -c ${eventBytes}; echo`,
    `printf '{"type":"item.completed","item":{"type":"agent_message","text":"'`,
    `head -c ${lineBytes} /dev/zero | tr '\\0' x; echo '"}}'`,
    `head -c ${lineBytes} /dev/zero | tr '\\0' x; echo`,
    `echo '${JSON.stringify(message('Still there.'))}'`,
    `echo '${JSON.stringify(completed)}'`,
  ].join('\n');
}

async function followFlood(script: string) {
  await using rig = await createRig();
  await using program = await bundleChildProgram(new URL('follow-flood.ts', import.meta.url));
  const { stdout } = await run(process.execPath, [program.path, rig.root, script]);
  return JSON.parse(stdout) as { peakKib: number; cpuMs: number };
}

const mib = 1024 * 1024;

test('memory does not depend on what an agent prints, nor on how long a line is', async () => {
  const { peakKib, ...turn } = await followFlood(flood(80 * mib, 20 * mib, 50 * mib));
  expect(turn).toMatchObject({ outcome: 'completed', message: 'Still there.' });
  expect(peakKib).toBeLessThan(150 * 1024);
});

test.skipIf(!process.env['SLOW_TESTS'])(
  'a gigabyte of log costs seconds, and no memory',
  { timeout: 300_000 },
  async () => {
    const { peakKib, cpuMs, ...turn } = await followFlood(flood(300 * mib, 500 * mib, 100 * mib));
    expect(turn).toMatchObject({ outcome: 'completed', message: 'Still there.' });
    expect(peakKib).toBeLessThan(150 * 1024);
    expect(cpuMs).toBeLessThan(60_000);
  },
);
