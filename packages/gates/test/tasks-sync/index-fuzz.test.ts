import { createSeededRandom } from '@codex-orchestrator/testing';
import type { SeededRandom } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { GateError } from '../../src/errors.js';
import { tasksSync } from '../../src/tasks-sync/tasks-sync.js';
import { createGateRig } from '../gate-rig.js';

const names = [
  '0001',
  'a',
  '0001-a',
  '../../out',
  '.',
  '',
  ' ',
  'CON',
  'a\nb',
  'é',
  7,
  null,
  {},
] as const;

test('whatever stands in an index, a fix writes copies alone, and what it passes stays passed', async () => {
  await using rig = await createGateRig({ git: false });
  await rig.write('tasks/tasks-0001-a.md', '# One\n\n## Checklist\n- [ ] one\n');
  await rig.write('tasks/tasks-0001.md', '- [ ] no heading\n');
  const ends = new Map<string, number>();
  for (let seed = 1; seed <= 120; seed++) {
    const random = createSeededRandom(seed);
    await rig.write('tasks/index.json', anyIndex(random));
    const run = (fix: boolean) =>
      rig.run(tasksSync, { options: { fix } }).catch((error: unknown) => {
        expect(error, `seed ${seed}`).toBeInstanceOf(GateError);
        return { outcome: (error as GateError).code, written: [], findings: [] };
      });
    const { outcome, findings } = await run(true);
    ends.set(outcome, (ends.get(outcome) ?? 0) + 1);
    expect(await run(false), `seed ${seed}`).toMatchObject({ outcome, findings, written: [] });
  }
  expect([...ends.keys()].sort()).toEqual(['INVALID_FILE', 'failed', 'not_applicable', 'passed']);
  expect((await rig.rig.list()).filter((path) => !path.startsWith('tasks/'))).toEqual([
    '.agent/task/0001-a.md',
    '.agent/task/0001.md',
    'docs/TASKS.md',
  ]);
});

function anyIndex(random: SeededRandom): string {
  const items = Array.from({ length: random.integer(0, 3) }, () => ({
    id: random.pick([...names]),
    slug: random.pick([...names, undefined]),
    title: random.pick(['One', '<!-- docs-sync:end 0001-a -->', 'two\nlines', 5]),
    status: random.pick(['in_progress', 'succeeded', null]),
    path: random.pick(['tasks/tasks-0001-a.md', '/etc/passwd', undefined]),
  }));
  const text = JSON.stringify({ items });
  const cut = random.integer(0, 9) === 0 ? random.integer(0, text.length - 1) : text.length;
  return random.pick([text, text, text, '{}']).slice(0, cut);
}
