import { join } from 'node:path';

import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { sha256Hex } from '../src/digest.js';
import { openRunRecord, verifyRun } from '../src/index.js';
import type { RunLayout, RunRecordOptions } from '../src/index.js';
import { sampleLayout, sampleStart, stageFinished, stageStarted, succeeded } from './sample-run.js';

const log = 'what the stage said\n';

/** A run of one stage with a log that its event names and a file that nobody names before the end. */
async function leaveRun(rig: Rig, options: RunRecordOptions = {}): Promise<RunLayout> {
  const layout = sampleLayout(rig.root);
  const record = await openRunRecord(sampleStart(layout, 2), options);
  await rig.write({
    [layout.relative(layout.stageLogPath(1, 'stage-1'))]: log,
    [layout.relative(join(layout.runDir, 'report/coverage.txt'))]: '97 %\n',
  });
  record.append(stageStarted(1));
  const artifact = { path: 'commands/01-stage-1.log', bytes: log.length, sha256: sha256Hex(log) };
  record.append(stageFinished(1, { artifacts: [artifact] }));
  record.append({
    type: 'stage.skipped',
    index: 2,
    id: 'stage-2',
    reason: 'not-needed',
    summary: null,
  });
  await record.seal({ ...succeeded, status: 'failed' });
  return layout;
}

test('a record that nobody touched is intact', async () => {
  await using rig = await createRig();
  const layout = await leaveRun(rig);
  const before = await rig.list();
  const report = await verifyRun(layout);
  expect(report).toMatchObject({
    verdict: 'intact',
    sealed: true,
    findings: [],
    remarks: [],
    checked: { journalLines: 5, files: 2 },
    signature: 'absent',
  });
  expect(await rig.list()).toEqual(before);
});
