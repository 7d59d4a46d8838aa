import { expect, test } from 'vitest';

import type { RunRedactor } from '../src/index.js';
import { plainRedactor } from './plain-redactor.js';
import { command, createRunRig, journalOf, pipeline, subpipeline } from './run-rig.js';

const secret = 'hunter2hunter2';

test('a secret of the output is nowhere below the run, and is counted', async () => {
  await using rig = await createRunRig();
  const seen: string[] = [];
  const outcome = await rig.run(
    [
      pipeline(
        'p',
        command('a', 'printf "%s" "$IT"; printf "%s" "$IT" >&2; exit 3', {
          retries: { max: 1, backoffMs: 0 },
        }),
      ),
    ],
    {
      environment: { ...process.env, IT: secret },
      redactor: plainRedactor(secret),
      observer: {
        onEvent: (event) => seen.push(JSON.stringify(event)),
        onOutput: (_stage, _stream, bytes) => seen.push(bytes.toString()),
      },
    },
  );
  expect(seen.join('')).not.toContain(secret);
  for (const path of await rig.list('.runs'))
    expect(await rig.read(path), path).not.toContain(secret);
  expect(await rig.read(outcome.manifest.commands[0]?.log_path ?? '')).toBe('[REDACTED][REDACTED]');
  expect(outcome.manifest.privacy).toMatchObject({
    mode: 'enforce',
    decisions: [{ stage_id: 'a', rule: 'word', action: 'redact', count: 4 }],
    totals: { total_frames: 4, redacted_frames: 4, blocked_frames: 0, allowed_frames: 0 },
  });
});

test('a command line with a secret runs as it is and is recorded without', async () => {
  await using rig = await createRunRig();
  const outcome = await rig.run(
    [pipeline('p', command('a', `test ${secret} = "$IT"`), command('b', `echo ${secret}; exit 1`))],
    {
      environment: { ...process.env, IT: secret },
      redactor: plainRedactor(secret),
      recordedOptions: { note: `with ${secret}` },
    },
  );
  const [a, b] = outcome.manifest.commands;
  expect(a).toMatchObject({ status: 'succeeded', command: 'test [REDACTED] = "$IT"' });
  expect(b).toMatchObject({ status: 'failed', command: 'echo [REDACTED]; exit 1' });
  expect(outcome.manifest.options).toEqual({ note: 'with [REDACTED]' });
  expect(await rig.readJson(b?.error_file ?? '')).toMatchObject({
    command: 'echo [REDACTED]; exit 1',
    details: { stdout: '[REDACTED]\n' },
  });
  for (const path of await rig.list('.runs'))
    expect(await rig.read(path), path).not.toContain(secret);
});

test('a subpipeline is redacted as its parent is', async () => {
  await using rig = await createRunRig();
  await rig.run(
    [pipeline('p', subpipeline('sub', 'q')), pipeline('q', command('x', `echo ${secret}; exit 1`))],
    { redactor: plainRedactor(secret) },
  );
  const files = await rig.list('.runs');
  expect(files.filter((path) => path.endsWith('manifest.json'))).toHaveLength(2);
  for (const path of files) expect(await rig.read(path), path).not.toContain(secret);
});

test('a secret that is spelled like what programs go by spoils no record', async () => {
  await using rig = await createRunRig();
  const outcome = await rig.run([pipeline('p', command('exited', 'echo exited; exit 1'))], {
    redactor: plainRedactor('exited'),
  });
  expect(outcome.manifest.commands[0]).toMatchObject({
    id: 'exited',
    title: '[REDACTED]',
    outcome: 'exited',
    status: 'failed',
    log_path: expect.stringMatching(/01-exited\.log$/) as string,
  });
  expect((await journalOf(outcome)).at(-1)?.type).toBe('run.finished');
});

test('without a redactor nobody says that anybody looked', async () => {
  await using rig = await createRunRig();
  const outcome = await rig.run([pipeline('p', command('a', 'true'))]);
  expect(outcome.manifest.privacy).toBeNull();
});

test('output of a redactor that fails reaches nobody, and the record says so', async () => {
  await using rig = await createRunRig();
  const broken: RunRedactor = {
    ...plainRedactor(secret),
    openStream: () => {
      throw new Error('broken');
    },
  };
  const outcome = await rig.run([pipeline('p', command('a', `echo ${secret}`))], {
    redactor: broken,
  });
  expect(outcome.manifest.summary).toContain('could not be redacted');
  expect(await rig.read(outcome.manifest.commands[0]?.log_path ?? '')).toBe('');
});
