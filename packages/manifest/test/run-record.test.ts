import { createManualClock, createRig } from '@codex-orchestrator/testing';
import { foldEvents, openRunRecord } from '../src/index.js';
import type { RunEvent } from '../src/index.js';
import { expect, test } from 'vitest';

import { sampleLayout, sampleStart, stageFinished, stageStarted, succeeded } from './sample-run.js';

async function journalOf(path: string): Promise<RunEvent[]> {
  const { readFile } = await import('node:fs/promises');
  const text = await readFile(path, 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent);
}

test('a run leaves a journal and the manifest that it folds to', async () => {
  await using rig = await createRig();
  const layout = sampleLayout(rig.root);
  const clock = createManualClock();

  const record = await openRunRecord(sampleStart(layout), { clock });
  for (const index of [1, 2]) {
    record.append(stageStarted(index));
    await clock.advance(10);
    record.append(stageFinished(index));
  }
  await record.seal(succeeded);

  const runDir = '.runs/demo/cli/2026-01-06T06-53-37-814Z-c285a360';
  expect(await rig.list()).toEqual([`${runDir}/manifest.json`, `${runDir}/runner.ndjson`]);
  const manifest = (await rig.readJson(`${runDir}/manifest.json`)) as Record<string, unknown>;
  const folded = foldEvents(await journalOf(layout.journalPath));
  const bytes = Buffer.byteLength(await rig.read(`${runDir}/manifest.json`));
  expect(manifest).toEqual({ ...folded, observability: record.stats });
  expect(record.stats.manifest_writes).toBe(2);
  expect(record.stats).toMatchInlineSnapshot(`
    {
      "fsyncs": 11,
      "journal_bytes": 2117,
      "journal_lines": 6,
      "manifest_bytes": 6014,
      "manifest_writes": 2,
    }
  `);
  expect(bytes).toBeGreaterThan(100);
});
