import { closeSync, openSync, writeSync } from 'node:fs';

import { createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import {
  checkHistory,
  createMetricsLayout,
  readAggregates,
  updateAggregates,
} from '../src/index.js';

const good = { run_id: 'good', status: 'succeeded', recorded_at: 'now', duration_seconds: 2 };

function line(entry: object): string {
  return `${JSON.stringify({ ...good, ...entry })}\n`;
}

test('poison costs its own line or field, and is named by its place', async () => {
  await using rig = await createRig();
  const layout = createMetricsLayout({
    taskId: 'task',
    runsDir: rig.path('runs'),
    outDir: rig.path('out'),
  });
  const tools = [null, 7, { tool: 'shell', tokens: '12', cost_usd: 0.5 }];
  const counted = [
    line({ run_id: 'nulls', tfgrpo_epoch: 1, tool_stats: tools }),
    line({ run_id: 'texts', duration_seconds: '4', attempt: '2', tool_calls: '1' }),
    line({ run_id: 'deep', unknown: 0 }).replace(
      ':0',
      `:${'['.repeat(10_000)}${']'.repeat(10_000)}`,
    ),
    '{"__proto__":{"run_id":"no"},"run_id":"proto","status":"failed","recorded_at":"now"}\n',
  ].join('');
  const glued = `${JSON.stringify(good)}${JSON.stringify(good)}\n`;
  const unnamed = '{"__proto__":{"run_id":"a","status":"b","recorded_at":"c"}}\n';
  const unclosed = `${'['.repeat(100_000)}\n`;
  await rig.write({ 'runs/task/metrics.json': counted + glued + unnamed + unclosed });
  const large = 100 * 2 ** 20;
  const fd = openSync(layout.historyPath, 'a');
  for (let written = 0; written < large; written += 2 ** 20)
    writeSync(fd, Buffer.alloc(2 ** 20, 'x'));
  writeSync(fd, `\n${line({})}`);
  closeSync(fd);

  const report = await updateAggregates(layout);
  expect(report).toMatchObject({ entries: 5, damagedLines: 4, totals: { runs: 5 } });
  const offsets = [counted, glued, unnamed, unclosed].map(
    (_, index, all) => all.slice(0, index + 1).join('').length,
  );
  const segment = 'metrics.json';
  expect(report.damaged).toEqual([
    { segment, offset: offsets[0], byteLength: glued.length - 1, reason: 'not-json' },
    { segment, offset: offsets[1], byteLength: unnamed.length - 1, reason: 'not-an-entry' },
    { segment, offset: offsets[2], byteLength: unclosed.length - 1, reason: 'not-json' },
    { segment, offset: offsets[3], byteLength: large, reason: 'oversized' },
  ]);
  const { mttrDelta, perEpoch, postRollout } = await readAggregates(layout);
  expect(postRollout).toMatchObject({ total_runs: 5, succeeded_runs: 4 });
  expect(mttrDelta).toMatchObject({ current_mttr_seconds: 2 });
  expect(perEpoch?.epochs).toMatchObject([
    { tools: [{ tool: 'shell', tokens: 0, cost_usd: 0.5 }] },
  ]);
  const { findings } = await checkHistory(layout);
  expect(findings.map(({ code, offset }) => [code, offset])).toEqual(
    offsets.map((offset) => ['LINE_DAMAGED', offset]),
  );
});
