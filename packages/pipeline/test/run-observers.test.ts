import { expect, test } from 'vitest';

import { command, createRunRig, journalOf, pipeline, verdicts } from './run-rig.js';

test('an observer sees every event of the journal, in its order, when it is in there', async () => {
  await using rig = await createRunRig();
  const seen: unknown[] = [];
  const outcome = await rig.run([pipeline('p', command('a', 'true'), command('b', 'false'))], {
    observer: { onEvent: (event) => void seen.push(event) },
  });
  expect(seen).toEqual(await journalOf(outcome));
});

test('an observer sees the output of each stage with its stream', async () => {
  await using rig = await createRunRig();
  const seen: string[] = [];
  await rig.run([pipeline('p', command('a', 'echo one'), command('b', 'echo two >&2'))], {
    observer: {
      onEvent: () => undefined,
      onOutput: (index, stream, bytes) => void seen.push(`${index} ${stream} ${bytes.toString()}`),
    },
  });
  expect(seen).toEqual(['1 stdout one\n', '2 stderr two\n']);
});

test('an observer that throws changes no verdict and is reported', async () => {
  await using rig = await createRunRig();
  const boom = (): never => {
    throw new Error('boom');
  };
  const pipelines = [
    pipeline('p', command('a', 'echo x'), command('b', 'exit 3'), command('c', 'true')),
  ];
  const outcome = await rig.run(pipelines, {
    observer: { onEvent: boom, onOutput: boom, forSubpipeline: boom },
  });
  expect(outcome.statusDetail).toBe('stage:b:failed');
  expect(verdicts(outcome)).toEqual({ a: 'succeeded', b: 'failed', c: 'skipped (run-failed)' });
  expect(outcome.problems.length).toBeGreaterThan(0);
  expect(outcome.problems[0]).toMatchObject({ message: 'boom' });
});

test('an observer that throws at every line of a flood is a handful of problems', async () => {
  await using rig = await createRunRig();
  const outcome = await rig.run(
    [pipeline('p', command('a', 'for i in $(seq 40); do echo $i; sleep 0.001; done'))],
    {
      observer: {
        onEvent: () => undefined,
        onOutput: () => {
          throw new Error('boom');
        },
      },
    },
  );
  expect(outcome.status).toBe('succeeded');
  expect(outcome.problems.length).toBeLessThanOrEqual(10);
});
