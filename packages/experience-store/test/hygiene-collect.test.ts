import { createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { collect } from '../src/hygiene/collect.js';
import { createExperienceLayout } from '../src/layout.js';

test('a task without a log has nothing to collect', async () => {
  await using rig = await createRig();
  const layout = createExperienceLayout({
    taskId: 't',
    runsDir: rig.path('runs'),
    outDir: rig.path('out'),
  });
  expect(await collect(layout)).toMatchObject({ isReplaced: false, recordsBefore: 0, removed: [] });
});
