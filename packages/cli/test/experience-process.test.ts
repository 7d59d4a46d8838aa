import { createRig } from '@codex-orchestrator/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { linesOf, recordOf } from './experience-rig.js';
import { pipelineOf } from './pipeline-of.js';
import { bundleProgram } from './program.js';
import type { Program } from './program.js';

let program: Program;
beforeAll(async () => {
  program = await bundleProgram();
});
afterAll(() => program[Symbol.asyncDispose]());

test('the program itself adds, looks up, exports and imports experiences', async () => {
  await using rig = await createRig();
  await rig.write({ 'codex.orchestrator.json': pipelineOf({ id: 'build' }) });
  expect((await program.run(rig, ['start', '--task=t'])).exitCode).toBe(0);
  const lesson = 'Regenerate the client before the build, else its types do not match';
  const add = ['experience', 'add', '--task=t', '--domain=p', '--run=latest'];
  const added = await program.ask(rig, [...add, '--summary', lesson]);
  expect(added).toMatchObject({ outcome: 'added' });
  const id = String(added['id']);
  const top = ['experience', 'top', '--task=t', '--domain=p'];
  expect(await program.run(rig, top)).toStrictEqual({
    exitCode: 0,
    stdout: `[exp ${id} | epoch n/a | reward 1.00] ${lesson}\n`,
    stderr: '',
  });
  expect((await program.run(rig, [...add, '--summary=done'])).exitCode).toBe(1);
  expect((await program.run(rig, ['experience', 'gc'])).exitCode).toBe(2);
  const output = ['--task=t', '--to=e.jsonl'];
  expect((await program.run(rig, ['experience', 'export', ...output])).exitCode).toBe(0);
  const imported = await program.ask(rig, ['experience', 'import', '--task=u', 'e.jsonl']);
  expect(imported).toMatchObject({ task_id: 'u', imported: 1 });
});

test('a stage can add what it has learned, and is told that its run is still going on', async () => {
  await using rig = await createRig();
  const lesson = 'Warm the cache of the compiler before the tests run side by side';
  const add = `"${process.execPath}" "${program.path}" experience add --task=t --domain=p`;
  const command = `${add} --run="$CODEX_ORCHESTRATOR_RUN_ID" --summary="${lesson}" 2>&1`;
  await rig.write({ 'codex.orchestrator.json': pipelineOf({ id: 'build', command }) });
  expect((await program.run(rig, ['start', '--task=t'])).exitCode).toBe(0);
  const { stdout } = await program.run(rig, ['logs', '--task=t']);
  expect(stdout).toMatch(/warning: run \S+ is not over, so the reward is 0/);
  expect(stdout).toMatch(/^Added: exp-/m);
  // The journal has grown since, and what was cited is still in its chain.
  expect(await program.ask(rig, ['experience', 'audit', '--task=t'])).toMatchObject({
    tasks: [{ findings: [], figures: { records: 1 } }],
  });
});

test('a reader that has seen enough ends an export without an error', async () => {
  await using rig = await createRig();
  const many = Array.from({ length: 20_000 }, (_, at) => recordOf(1, { id: `exp-${at}` }));
  await rig.write({ 'out/t/experiences.jsonl': linesOf(...many) });
  const { child, ended } = program.start(rig, ['experience', 'export', '--task=t']);
  child.stdout.once('data', () => child.stdout.destroy());
  expect(await ended).toMatchObject({ exitCode: 0, stderr: '' });
});
