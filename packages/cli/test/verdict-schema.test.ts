import { createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { call, jsonLines } from './call.js';
import { pipelineOf } from './pipeline-of.js';
import { verdictJsonSchema, verdictSchema } from './verdict-schema.js';

test('the shipped JSON Schema of the verdict is the one that the tests hold it to', async () => {
  await expect(verdictJsonSchema()).toMatchFileSnapshot('../schema/verdict.schema.json');
});

test.each([
  ['a run that succeeds', ['start'], 'true'],
  ['a run that fails', ['start'], 'echo "Error: why"; exit 3'],
  ['a run that exceeds its deadline', ['start', '--deadline=100'], 'exec sleep 60'],
  ['a pipeline that is not there', ['start', 'missing'], 'true'],
  ['a flag that is not there', ['start', '--nonsense'], 'true'],
])('%s ends its stream with a verdict as the schema has it', async (_what, argv, command) => {
  await using rig = await createRig();
  await rig.write({ 'codex.orchestrator.json': pipelineOf({ id: 'a', command }) });
  const lines = jsonLines(await call([...argv, '--format=ndjson'], { cwd: rig.root }));
  expect(verdictSchema().safeParse(lines.at(-1)).error?.issues ?? []).toStrictEqual([]);
  expect(lines.filter(({ type }) => type === 'verdict')).toHaveLength(1);
});
