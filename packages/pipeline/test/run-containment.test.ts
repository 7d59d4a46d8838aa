import { readlink } from 'node:fs/promises';

import { probeContainment } from '@codex-orchestrator/exec';
import { expect, test } from 'vitest';

import { command, createRunRig, pipeline, subpipeline } from './run-rig.js';

const { available } = await probeContainment();
const look = 'readlink /proc/self/ns/pid > "$CODEX_ORCHESTRATOR_PIPELINE_ID.ns"';

test.runIf(available)(
  'contained commands, those of subpipelines too, share a place of their own',
  async () => {
    await using rig = await createRunRig();
    const outcome = await rig.run(
      [
        pipeline('p', command('a', look), subpipeline('sub', 'q')),
        pipeline('q', command('x', look)),
      ],
      { contain: true },
    );
    expect(outcome.status).toBe('succeeded');
    const place = await rig.read('p.ns');
    expect(place.trim()).not.toBe(await readlink('/proc/self/ns/pid'));
    expect(await rig.read('q.ns')).toBe(place);
  },
);

test.skipIf(available)('a run that cannot be contained leaves nothing behind', async () => {
  await using rig = await createRunRig();
  const run = rig.run([pipeline('p', command('a', 'touch ran'))], { contain: true });
  await expect(run).rejects.toMatchObject({ code: 'CONTAINMENT_UNAVAILABLE' });
  expect(await rig.list()).toEqual([]);
});
