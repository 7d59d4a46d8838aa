import type { JsonObject } from '@codex-orchestrator/manifest';
import { createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { renderRunPage, runPageView } from '../src/html/index.js';
import { expectSafePage, textOf } from './support/check-page.js';
import { begun, iterationFacts, startFacts, writeLoopRun } from './support/sample-loop.js';
import type { LoopRun } from './support/sample-loop.js';

const findings = {
  version: 1,
  findings: [
    {
      title: 'total copies the list',
      hotspot: { file: 'src/total.js' },
      evidence: ['80 % of samples', 'a bench'],
      candidate_fixes: [{ title: 'reduce once' }, { title: 'keep the sum' }],
    },
  ],
};

const hostile = [
  '<img src=x onerror=alert(1)>',
  ']]></svg><script>alert(1)</script>',
  '"><a href="http://evil.example" onclick="x">',
  "' autofocus onfocus='x' &lt; & &#60;",
  'user\u202Egnp.exe\u2066\u200F\u0000\u001b[31m',
  '&"<>'.repeat(2500),
];

function pageOf({ manifest, events }: LoopRun, document: unknown = findings): string {
  const generatedAt = '2026-03-14T10:00:00.000Z';
  const sources = { manifest, verification: null, journal: events, findings: document };
  const page = renderRunPage(runPageView({ ...sources, generatedAt }));
  expectSafePage(page);
  return page;
}

test('the page of a run with a loop shows its verdict, what it used, its iterations and findings', async () => {
  await using rig = await createRig();
  const worse = iterationFacts(2, {
    validators: [
      { name: 'unit', outcome: 'passed', exitCode: 0, logPath: 'validator-2.log' },
      { name: 'slow', outcome: 'timed-out', exitCode: null },
    ],
    tampered: ['package.json'],
    strays: 2,
  });
  const page = pageOf(await writeLoopRun(rig.root, [begun(), iterationFacts(1), worse], {}));
  const text = textOf(page).replaceAll(/\s+/g, ' ');
  for (const said of [
    'Mend the tests max iterations The loop has used its 2 iterations. Goal: make the tests pass',
    'Agent codex Iterations 2 of 88 Best iteration 2 Time of iterations 4 s of 1 h 00 min',
    'Tokens 2,000 of 10,000 Cost 0.5 USD of 5 USD Tool calls 6 Roles triad Isolation worktree Branch rlm/x',
    'unit npm test 1 of 2',
    '1 2 s try number 1 worker completed , 1.2 s unit failed (1) 2 files, +14 −5 1,000 0.25 USD iterations/1/agent-worker.log validator-1.log iterations/1/changes.patch',
    '2 best 2 s try number 2',
    'unit passed slow timed out',
    'tampered: package.json 2 stray processes',
    'total copies the list (src/total.js): 2 pieces of evidence; fixes: reduce once, keep the sum',
  ]) {
    expect(text).toContain(said);
  }
  expect(text.split(' best ')).toHaveLength(2);
});

test('a loop that has not ended shows what it has used so far', async () => {
  await using rig = await createRig();
  const run = await writeLoopRun(rig.root, [begun(), iterationFacts(1), iterationFacts(2)]);
  const text = textOf(pageOf(run, null)).replaceAll(/\s+/g, ' ');
  expect(text).toContain('Agent codex Iterations 2 of 88 Time of iterations');
  expect(text).toContain('Tokens 2,000 of 10,000 Cost 0.5 USD of 5 USD Tool calls 6');
  expect(text).not.toContain('Findings of the agent');
});

test('a loop that began anew shows its own iterations, one that goes on all of them and its limits', async () => {
  await using rig = await createRig();
  const raised = { settings: { ...settingsOf(startFacts()), limits: { maxIterations: 99 } } };
  const told = [
    begun(),
    iterationFacts(1, { summary: 'of the first loop' }),
    begun(),
    iterationFacts(2, { summary: 'of the second loop' }),
    begun(raised, true),
    iterationFacts(3, { summary: 'of the second loop, later' }),
  ];
  const text = textOf(pageOf(await writeLoopRun(rig.root, told)));
  expect(text).not.toContain('of the first loop');
  expect(text).toContain('of the second loop');
  expect(text).toContain('of the second loop, later');
  expect(text).toContain('2 of 99');
});

test('members that are missing, unknown or of another kind cost themselves alone', async () => {
  await using rig = await createRig();
  const wrong: unknown[] = [null, 7, -1, 'x', [], [null, 7, {}, 'x'], {}, { command: [7] }, true];
  const damaged = wrong.flatMap((value): JsonObject[] => {
    const names = Object.keys(iterationFacts(1)).filter((name) => name !== 'summary');
    return [
      Object.fromEntries(names.map((name) => [name, value])),
      ...names.map((name) => iterationFacts(1, { [name]: value, later: 'member' })),
    ];
  });
  const settings = wrong.map((value) => ({ settings: value }));
  const members = wrong.flatMap((value) =>
    Object.keys(settingsOf(startFacts()))
      .filter((name) => name !== 'goal')
      .map((name) => ({ settings: { ...settingsOf(startFacts()), [name]: value } })),
  );
  const starts = [{}, ...settings, ...members].map((facts) => begun(facts, true));
  const run = await writeLoopRun(rig.root, [...starts, {}, ...damaged]);
  const text = textOf(pageOf(run, { findings: [...wrong, ...findings.findings] }));
  expect(text).toMatch(new RegExp(`Iterations\\s+${damaged.length + 1}\\s`));
  expect(text).toContain('make the tests pass');
  expect(text).toContain('try number 1');
  expect(text).toContain('total copies the list');
});

test('lines of a journal that are no events of a loop cost nothing', async () => {
  await using rig = await createRig();
  const { manifest, events } = await writeLoopRun(rig.root, [begun(), iterationFacts(1)], {});
  const stray = [null, 7, 'x', [], {}, { type: 'loop.iteration', id: 'other', facts: {} }];
  const journal = [...stray, ...events, ...stray];
  const sources = { manifest, verification: null, journal, generatedAt: '' };
  expect(runPageView(sources).loops).toMatchObject([{ iterations: [{ n: 1 }], findings: [] }]);
});

test('a loop whose files were moved away for another attempt shows nothing of the attempt before', async () => {
  await using rig = await createRig();
  const { manifest, events } = await writeLoopRun(rig.root, [begun(), iterationFacts(1)], {});
  const path = 'rlm/validator-1.log';
  const vouched = events.map((event) =>
    event.type === 'loop.iteration' ? { ...event, artifacts: [{ path }] } : event,
  );
  const shown = (from: string): number | undefined => {
    const journal = [...vouched, { type: 'run.resumed', moved: [{ from }] }];
    const sources = { manifest, verification: null, journal, generatedAt: '' };
    return runPageView(sources).loops[0]?.iterations.length;
  };
  expect(shown('rlm/iterations/2/prompt.md')).toBe(1);
  expect(shown(path)).toBe(0);
});

test('of a loop with very many iterations the newest and the best are shown, and the rest is counted', async () => {
  await using rig = await createRig();
  const many = Array.from({ length: 220 }, (_, at) => iterationFacts(at + 1));
  const run = await writeLoopRun(rig.root, [begun(), ...many], {});
  const page = pageOf(run);
  const shown = [...page.matchAll(/try number (\d+)/g)].map(([, n]) => Number(n));
  expect(shown.slice(0, 1)).toEqual([2]);
  expect(shown.length).toBeGreaterThan(50);
  expect(shown.length).toBeLessThanOrEqual(200);
  expect(shown.slice(1)).toEqual(many.map((_, at) => at + 1).slice(1 - shown.length));
  expect(textOf(page)).toContain(`${220 - shown.length} of 220 iterations are left out`);
});

test.each([...hostile.keys()])('no text of an agent gets out of its place: %i', async (at) => {
  await using rig = await createRig();
  const text = hostile[at] ?? '';
  const many = Array.from({ length: 3 }, (_, index) => {
    return replaceTexts(
      iterationFacts(index + 1, {
        tampered: ['a', 'b', 'c', 'd'],
        turns: Array.from({ length: 9 }, () => ({ role: 'r', outcome: 'o', reason: 'why' })),
        validators: Array.from({ length: 40 }, () => ({ name: 'v', outcome: 'o', logPath: 'l' })),
      }),
      text,
    );
  });
  const texts = Array.from({ length: 60 }, () => text);
  const finding = { title: text, hotspot: { file: text }, evidence: texts };
  const fixes = texts.map((title) => ({ title }));
  const page = pageOf(
    await writeLoopRun(rig.root, [begun(replaceTexts(startFacts(), text)), ...many], {
      summary: text,
    }),
    { findings: texts.map(() => ({ ...finding, candidate_fixes: fixes })) },
  );
  expect(textOf(page)).toContain('34 more');
  expect(textOf(page)).toContain('10 more are left out');
});

test('iterations are bars below the bar of their stage, those outside of it are not', async () => {
  await using rig = await createRig();
  const { manifest, events } = await writeLoopRun(rig.root, [begun(), iterationFacts(1)], {});
  const [stage] = manifest.commands;
  if (!stage) throw new Error('the run has no stage');
  const view = runPageView({ manifest, verification: null, journal: events, generatedAt: '' });
  const [loop] = view.loops;
  const [first] = loop?.iterations ?? [];
  if (!loop || !first) throw new Error('the run has no iteration');
  const bar = (n: number, from: string, to: string) => {
    const startedAt = `2026-03-14T09:30:${from}.000Z`;
    return { ...first, n, startedAt, endedAt: `2026-03-14T09:30:${to}.000Z` };
  };
  const page = renderRunPage({
    ...view,
    startedAt: '2026-03-14T09:30:00.000Z',
    endedAt: '2026-03-14T09:30:20.000Z',
    stages: view.stages.map((one) => ({
      ...one,
      startedAt: '2026-03-14T09:30:01.000Z',
      endedAt: '2026-03-14T09:30:19.000Z',
    })),
    loops: [{ ...loop, iterations: [bar(1, '02', '05'), bar(2, '05', '09'), bar(3, '05', '40')] }],
  });
  expectSafePage(page);
  const text = textOf(page);
  expect(text).toContain('iteration 1');
  expect(text).toContain('iteration 2');
  expect(text).not.toContain('iteration 3');
  expect(text).toContain('1 stages over 20 s');
});

function settingsOf(facts: JsonObject): JsonObject {
  return facts['settings'] as JsonObject;
}

/** The same facts with one text in place of every other. */
function replaceTexts<Facts extends JsonObject>(facts: Facts, text: string): Facts {
  return JSON.parse(JSON.stringify(facts), (_, value: unknown) =>
    typeof value === 'string' ? text : value,
  ) as Facts;
}
