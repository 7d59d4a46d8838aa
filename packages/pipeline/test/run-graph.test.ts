import { expect, test } from 'vitest';

import { command, createRunRig, journalOf, pipeline, verdicts } from './run-rig.js';

/** Succeeds only while the other command runs too: each waits for the file of the other. */
const meet = (own: string, other: string): string =>
  `touch ${own}; until [ -e ${other} ]; do sleep 0.01; done`;

/** Fails when another command is between its two steps. */
const alone = 'mkdir busy && sleep 0.02 && rmdir busy';

test('stages that do not need each other run side by side', async () => {
  await using rig = await createRunRig();
  const outcome = await rig.run(
    [
      pipeline(
        'p',
        command('a', meet('a', 'b'), { needs: [], timeoutMs: 20_000 }),
        command('b', meet('b', 'a'), { timeoutMs: 20_000 }),
      ),
    ],
    { maxParallel: 2 },
  );
  expect(verdicts(outcome)).toEqual({ a: 'succeeded', b: 'succeeded' });
});

test('without needs stages run one after the other, whatever the machine could do', async () => {
  await using rig = await createRunRig();
  const outcome = await rig.run([pipeline('p', command('a', alone), command('b', alone))], {
    maxParallel: 8,
  });
  expect(outcome.status).toBe('succeeded');
});

test('no more stages run at once than may', async () => {
  await using rig = await createRunRig();
  const stages = ['a', 'b', 'c'].map((id) => command(id, alone, { needs: [] }));
  const outcome = await rig.run([{ ...pipeline('p', ...stages), maxParallel: 1 }]);
  expect(outcome.status).toBe('succeeded');
});

test('the caller overrules the parallelism of the pipeline', async () => {
  await using rig = await createRunRig();
  const stages = ['a', 'b', 'c'].map((id) => command(id, alone, { needs: [] }));
  const outcome = await rig.run([{ ...pipeline('p', ...stages), maxParallel: 3 }], {
    maxParallel: 1,
  });
  expect(outcome.status).toBe('succeeded');
});

test('a stage starts once everything that it needs has succeeded', async () => {
  await using rig = await createRunRig();
  const outcome = await rig.run(
    [
      pipeline(
        'p',
        command('test', 'test -e built && test -e linted', { needs: ['build', 'lint'] }),
        command('build', 'sleep 0.05; touch built'),
        command('lint', 'touch linted'),
      ),
    ],
    { maxParallel: 3 },
  );
  expect(outcome.status).toBe('succeeded');
  const started = (await journalOf(outcome)).flatMap((event) =>
    event.type === 'stage.started' ? [event.id] : [],
  );
  expect(started).toEqual(['build', 'lint', 'test']);
});

test('a failure skips its dependents, lets running stages end and starts nothing new', async () => {
  await using rig = await createRunRig();
  const outcome = await rig.run(
    [
      pipeline(
        'p',
        command('fail', 'until [ -e running ]; do sleep 0.01; done; exit 1', {
          needs: [],
          timeoutMs: 20_000,
        }),
        command('long', 'touch running; sleep 0.2; touch finished'),
        command('dependent', 'true', { needs: ['fail'] }),
        command('later', 'true', { needs: ['long'] }),
      ),
    ],
    { maxParallel: 2 },
  );
  expect(outcome.statusDetail).toBe('stage:fail:failed');
  expect(verdicts(outcome)).toEqual({
    fail: 'failed',
    long: 'succeeded',
    dependent: 'skipped (dependency-failed)',
    later: 'skipped (run-failed)',
  });
  expect(await rig.list()).toContain('finished');
});

test('a run that keeps going skips the dependents of a failure and nothing else', async () => {
  await using rig = await createRunRig();
  const outcome = await rig.run(
    [
      pipeline(
        'p',
        command('fail', 'false', { needs: [] }),
        command('dependent', 'true', { needs: ['fail'] }),
        command('transitive', 'true', { needs: ['dependent'] }),
        command('other', 'true'),
        command('tolerant', 'false', { allowFailure: true }),
        command('after', 'true', { needs: ['tolerant'] }),
      ),
    ],
    { keepGoing: true, maxParallel: 2 },
  );
  expect(verdicts(outcome)).toEqual({
    fail: 'failed',
    dependent: 'skipped (dependency-failed)',
    transitive: 'skipped (dependency-failed)',
    other: 'succeeded',
    tolerant: 'skipped (allowed-failure)',
    after: 'succeeded',
  });
  expect(outcome.manifest.commands[2]?.summary).toBe(
    "Not run: it needs 'fail', which did not succeed",
  );
});

test('many stages at once cause no warning of a leak', async () => {
  await using rig = await createRunRig();
  const warnings: Error[] = [];
  const listen = (warning: Error): void => void warnings.push(warning);
  process.on('warning', listen);
  try {
    const stages = Array.from({ length: 24 }, (_, index) =>
      command(`s${index}`, 'sleep 0.05', { needs: [] }),
    );
    expect((await rig.run([pipeline('p', ...stages)], { maxParallel: 24 })).status).toBe(
      'succeeded',
    );
  } finally {
    process.off('warning', listen);
  }
  expect(warnings).toEqual([]);
});
