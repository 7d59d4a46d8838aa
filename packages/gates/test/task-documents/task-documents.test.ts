import { createManualClock } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { delegationGuard } from '../../src/delegation-guard/delegation-guard.js';
import { evidenceCheck } from '../../src/evidence-check/evidence-check.js';
import type { GatePorts } from '../../src/gate/gate-ports.js';
import { addTaskEvidence } from '../../src/task-documents/add-task-evidence.js';
import { newTask } from '../../src/task-documents/new-task.js';
import { listTasks, taskStatus } from '../../src/task-documents/task-status.js';
import { createGateRig } from '../gate-rig.js';
import type { GateRig } from '../gate-rig.js';
import { createRunsRig, runId } from '../tasks/recorded-runs-rig.js';

const gates = { id: '0939', slug: 'agent-gates' };
const key = '0939-agent-gates';
const day = (text: string): Partial<GatePorts> => ({
  clock: createManualClock(Date.parse(`${text}T12:00:00Z`)),
});
const read = (rig: GateRig, path: string): Promise<string> => rig.rig.read(path);

test('a new task has its documents and stands in the index, beside all that was there', async () => {
  await using rig = await createGateRig({ git: false });
  const other = { id: '0938', slug: 'other', extra: [1] };
  await rig.write('tasks/index.json', JSON.stringify({ note: 'kept', items: [other], specs: [] }));
  const begun = await newTask(rig.ports(day('2026-03-04')), { ...gates, title: 'Agent  gates\n' });
  expect(begun).toMatchObject({ key, title: 'Agent gates' });
  expect(begun.written).toEqual([
    `tasks/specs/${key}.md`,
    ...['PRD', 'TECH_SPEC', 'ACTION_PLAN'].map((kind) => `docs/${kind}-agent-gates.md`),
    ...[`tasks/tasks-${key}.md`, 'tasks/index.json'],
  ]);
  const index = JSON.parse(await read(rig, 'tasks/index.json')) as Record<string, unknown>;
  expect(index).toMatchObject({
    note: 'kept',
    items: [
      other,
      {
        ...{ id: '0939', slug: 'agent-gates', title: 'Agent gates', kind: 'prd' },
        ...{ path: `tasks/tasks-${key}.md`, status: 'in_progress', completed_at: null },
        created_at: '2026-03-04',
      },
    ],
    specs: [{ id: key, path: `tasks/specs/${key}.md`, last_review: '2026-03-04' }],
  });
  expect(await read(rig, `tasks/specs/${key}.md`)).toMatch(/^last_review: 2026-03-04$/m);
});

test('a task that is there is left alone, and so is a file of somebody else', async () => {
  await using rig = await createGateRig({ git: false });
  await newTask(rig.ports(), gates);
  await expect(newTask(rig.ports(), gates)).rejects.toMatchObject({ code: 'TASK_EXISTS' });
  await rig.write('docs/ACTION_PLAN-b.md', 'mine\n');
  const before = await rig.rig.list();
  await expect(newTask(rig.ports(), { id: '1', slug: 'b' })).rejects.toMatchObject({
    code: 'TASK_EXISTS',
    message: expect.stringContaining('docs/ACTION_PLAN-b.md') as string,
  });
  expect(await rig.rig.list()).toEqual(before);
});

test('tasks that are begun at the same time are all registered', async () => {
  await using rig = await createGateRig({ git: false });
  const slugs = ['a', 'b', 'c', 'd'];
  await Promise.all(slugs.map((slug) => newTask(rig.ports(), { id: '1', slug })));
  expect(
    listTasks(rig.ports())
      .map(({ task }) => task.slug)
      .sort(),
  ).toEqual(slugs);
});

test('what a crash left half-way is completed by the same call, on another day too', async () => {
  await using rig = await createGateRig({ git: false });
  await newTask(rig.ports(day('2026-03-04')), gates);
  rig.remove('tasks/index.json');
  rig.remove(`tasks/tasks-${key}.md`);
  const { written } = await newTask(rig.ports(day('2026-03-05')), gates);
  expect(written).toEqual([`tasks/tasks-${key}.md`, 'tasks/index.json']);
  expect(await read(rig, `tasks/tasks-${key}.md`)).toContain('2026-03-04');
});

test.each([
  [{ id: '../x', slug: 'a' }],
  [{ id: '1', slug: 'a b' }],
  [{ id: '', slug: 'a' }],
  [{ id: '1', slug: '-a' }],
  [{ id: '1', slug: 'a'.repeat(200) }],
  [{ id: '1', slug: 'con\u0000' }],
])('a task called %j is refused before anything is written', async (task) => {
  await using rig = await createGateRig({ git: false });
  await expect(newTask(rig.ports(), task)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  expect(await rig.rig.list()).toEqual([]);
});

test('an index that cannot be used stops a new task, and keeps its content', async () => {
  await using rig = await createGateRig({ git: false });
  await rig.write('tasks/index.json', '{"items": [');
  await expect(newTask(rig.ports(), gates)).rejects.toMatchObject({ code: 'INVALID_FILE' });
  const files = await rig.rig.list();
  expect(files.filter((path) => !path.startsWith('.runs/'))).toEqual(['tasks/index.json']);
  expect(await read(rig, 'tasks/index.json')).toBe('{"items": [');
});

test('evidence of a run that succeeded ticks the first open item, once', async () => {
  await using rig = await createGateRig({ git: false });
  const runs = createRunsRig(rig);
  const ports = rig.ports({ judgeRun: runs.judgeRun, ...day('2026-03-14') });
  await newTask(rig.ports(day('2026-03-04')), gates);
  await runs.record(key, runId(1), { duration_ms: 4000 });
  await runs.record(key, runId(2), { status: 'failed', duration_ms: 1 });
  const path = await runs.record(key, runId(3), { duration_ms: 3000 });
  const wanted = { task: '0939', run: { task: key, run: runId(3) } };
  const added = await addTaskEvidence(ports, wanted);
  expect(added).toMatchObject({ key, isDone: true, before: { runId: runId(1) } });
  expect(added.written).toEqual(['docs/ACTION_PLAN-agent-gates.md', `tasks/tasks-${key}.md`]);
  const checklist = await read(rig, `tasks/tasks-${key}.md`);
  expect(checklist).toContain(
    `- [x] PRD agreed on: \`docs/PRD-agent-gates.md\` Evidence: \`${path}\`\n`,
  );
  const plan = await read(rig, 'docs/ACTION_PLAN-agent-gates.md');
  expect(plan).toContain('| duration | 4.00 s | 3.00 s |');
  expect(plan).toContain('-25.0 %');
  expect((await addTaskEvidence(ports, wanted)).written).toEqual([]);
  const status = await taskStatus(ports, 'agent-gates');
  expect(status).toMatchObject({
    items: { done: 1, total: 8 },
    spec: { lastReview: '2026-03-04', ageDays: 10 },
    evidence: { good: 1, bad: [] },
    latestRun: { runId: runId(3), problem: null, run: { status: 'succeeded' } },
  });
  expect(status.open[0]?.text).toMatch(/^Specification reviewed/);
  expect((await rig.run(evidenceCheck, { judgeRun: runs.judgeRun })).passes).toBe(true);
});

test('a run that failed is stated as such and ticks nothing; when it is resumed, the link follows', async () => {
  await using rig = await createGateRig({ git: false });
  const runs = createRunsRig(rig);
  const ports = rig.ports({ judgeRun: runs.judgeRun });
  await newTask(ports, gates);
  await rig.write(`tasks/tasks-${key}.md`, '- [x] One\r\n- [ ] Two. Evidence: `a/b.md`\r\n');
  const path = await runs.record(`${key}-part`, runId(1), { status: 'failed' });
  const wanted = { task: key, run: { task: `${key}-part`, run: runId(1) } };
  await addTaskEvidence(ports, wanted);
  expect(await read(rig, `tasks/tasks-${key}.md`)).toBe(
    `- [x] One\r\n- [ ] Two. Evidence: \`a/b.md\`, \`${path}\` (failed)\r\n`,
  );
  await runs.record(`${key}-part`, runId(1));
  await addTaskEvidence(ports, wanted);
  expect(await read(rig, `tasks/tasks-${key}.md`)).toBe(
    `- [x] One\r\n- [x] Two. Evidence: \`a/b.md\`, \`${path}\`\r\n`,
  );
  await expect(addTaskEvidence(ports, { ...wanted, item: 3 })).rejects.toMatchObject({
    code: 'INVALID_OPTION',
  });
});

test('a run that cannot be believed is no evidence, and nothing is written', async () => {
  await using rig = await createGateRig({ git: false });
  const runs = createRunsRig(rig);
  const ports = rig.ports({ judgeRun: runs.judgeRun });
  await newTask(ports, gates);
  await runs.record(key, runId(1), { is_tampered: true });
  const before = await read(rig, `tasks/tasks-${key}.md`);
  const wanted = { task: key, run: { task: key, run: runId(1) } };
  await expect(addTaskEvidence(ports, wanted)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  expect(await read(rig, `tasks/tasks-${key}.md`)).toBe(before);
  expect((await taskStatus(ports, key)).latestRun).toMatchObject({
    run: null,
    problem: 'line 3 was altered',
  });
});

test('a report of numbers stands in place of two runs alone, and damaged marks are left alone', async () => {
  await using rig = await createGateRig({ git: false });
  const runs = createRunsRig(rig);
  const ports = rig.ports({ judgeRun: runs.judgeRun });
  await newTask(ports, gates);
  await runs.record(key, runId(1));
  const wanted = { task: key, run: { task: key, run: runId(1) } };
  const marks = '<!-- task-evidence:end -->';
  await rig.write(`out/${key}/evidence/report.md`, `# Numbers\n\n${marks}| 1 | 2 |\n`);
  await addTaskEvidence(ports, wanted);
  const path = 'docs/ACTION_PLAN-agent-gates.md';
  const plan = await read(rig, path);
  expect(plan).toContain('### Numbers\n\n| 1 | 2 |\n');
  expect((await addTaskEvidence(ports, wanted)).written).toEqual([]);
  await rig.write(path, `${plan}\n${marks}\n`);
  await expect(addTaskEvidence(ports, wanted)).rejects.toMatchObject({ code: 'INVALID_FILE' });
});

test('tasks are listed with how far they are, whatever became of their checklists', async () => {
  await using rig = await createGateRig({ git: false });
  expect(listTasks(rig.ports())).toEqual([]);
  await newTask(rig.ports(), gates);
  await newTask(rig.ports(), { id: '0940', slug: 'b' });
  rig.remove('tasks/tasks-0940-b.md');
  expect(
    listTasks(rig.ports()).map(({ task, items, problem }) => [task.key, items, problem]),
  ).toEqual([
    [key, { done: 0, total: 8 }, null],
    ['0940-b', null, 'Cannot read tasks/tasks-0940-b.md: it is not there'],
  ]);
  await expect(taskStatus(rig.ports(), '0941')).rejects.toMatchObject({ code: 'TASK_NOT_FOUND' });
});

test('a new task passes the guard of delegation once its subagent has run', async () => {
  await using rig = await createGateRig({ git: false });
  const runs = createRunsRig(rig);
  await newTask(rig.ports(), gates);
  const guard = { judgeRun: runs.judgeRun, taskId: key };
  expect((await rig.run(delegationGuard, guard)).passes).toBe(false);
  await runs.record(`${key}-docs`, runId(1));
  expect((await rig.run(delegationGuard, guard)).passes).toBe(true);
});
