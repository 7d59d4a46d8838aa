import { bundleChildProgram, createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { runCounted } from '../src/counts/run-counted.js';
import type { ProcessRun } from '../src/guard/guard.js';

const stages = ['one', 'two', 'three'].map((id) => ({ kind: 'command', id, command: ['true'] }));
const pipelines = [{ id: 'bench', guardrailsRequired: false, stages }];

test('a run of three stages has the same counts each time; only bytes of durations differ', async () => {
  const main = new URL('../../cli/src/main.ts', import.meta.url);
  await using program = await bundleChildProgram(main);
  const runs: ProcessRun[] = [];
  for (let time = 0; time < 5; time += 1) {
    await using rig = await createRig();
    await rig.write({ 'codex.orchestrator.json': { pipelines } });
    const args = ['start', 'bench', '--task', 'bench', '--format', 'json', '--no-interactive'];
    runs.push(await runCounted(program.path, args, { cwd: rig.root }));
  }
  const [first, ...others] = runs.map(stable);
  expect(first?.counts).toMatchObject({ renames: expect.any(Number) as number });
  expect(first?.writes['manifest.json']).toBe(2);
  for (const other of others) expect(other).toEqual(first);
});

/** Records hold durations, which are longer or shorter as text: bytes are what differs by nature. */
function stable({ counts, byFile }: ProcessRun) {
  const { bytesRead, bytesWritten, ...exact } = counts;
  expect(bytesRead).toBeGreaterThan(0);
  expect(bytesWritten).toBeGreaterThan(0);
  const writes = Object.entries(byFile).map(([name, file]) => [name, file.writes] as const);
  return { counts: exact, writes: Object.fromEntries(writes) as Record<string, number> };
}
