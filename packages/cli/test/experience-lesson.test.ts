import { expect, test } from 'vitest';

import { describeEnd, domainFor, ruleFor } from '../src/experience/lesson-of-run.js';
import { manifestWith, stageWith } from './metrics-entry-manifest.js';

const build = stageWith({ id: 'build', command: 'make' });
const failed = stageWith({ id: 'test', command: 'npm test', status: 'failed', exit_code: 1 });

test.each([
  ['a run that passed', manifestWith([build]), 'Pipeline p succeeded: build passed; command: make'],
  [
    'a run that failed',
    manifestWith([build, failed], { status: 'failed' }),
    'Pipeline p failed at stage test, with exit code 1, after build passed; command: npm test',
  ],
  [
    'a stage that took too long',
    manifestWith([{ ...failed, outcome: 'timed-out' }], { status: 'failed' }),
    'Pipeline p failed at stage test, which took too long; command: npm test',
  ],
  [
    'a stage that a signal ended',
    manifestWith([{ ...failed, signal: 'SIGSEGV', exit_code: null }], { status: 'failed' }),
    'Pipeline p failed at stage test, which was ended by SIGSEGV; command: npm test',
  ],
  [
    'retries and allowed failures',
    manifestWith([
      { ...build, attempts: 3 },
      { ...failed, id: 'lint', status: 'skipped', reason: 'allowed-failure' },
    ]),
    'Pipeline p succeeded: build passed; build passed at attempt 3; lint was allowed to fail',
  ],
  [
    'many stages',
    manifestWith(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((id) => stageWith({ id }))),
    'Pipeline p succeeded: a, b, c, d, e and 2 more passed',
  ],
])('the sentence about %s says what led there', (_name, run, sentence) => {
  expect(describeEnd(run)).toBe(sentence);
});

test('the first rule that fits a run records it', () => {
  const run = manifestWith([build, failed], { status: 'failed' });
  const rules = [
    { pipelines: ['other'] },
    { when: ['succeeded' as const], domain: 'wins' },
    { pipelines: ['p'], domain: '{pipeline}/{stage}' },
    { domain: 'all' },
  ];
  const rule = ruleFor(run, rules);
  expect(rule).toMatchObject({ domain: '{pipeline}/{stage}', lesson: 'outcome' });
  expect(rule && domainFor(run, rule)).toBe('p/test');
  expect(ruleFor(run, [{ pipelines: ['other'] }])).toBeUndefined();
  expect(ruleFor(run, [])).toBeUndefined();
});

test.each(['cancelled', 'interrupted', 'timed_out'] as const)(
  'a run that was %s teaches nothing',
  (status) => {
    expect(ruleFor(manifestWith([build], { status }), [{}])).toBeUndefined();
  },
);

test('without rules a run is recorded whose pipeline is the domain of a pack with slots', () => {
  const pack = { id: 'x', stamp: 's', sources: [] };
  const runWith = (domain: string, slots: number): ReturnType<typeof manifestWith> =>
    manifestWith([build], { prompt_packs: [{ ...pack, domain, experience_slots: slots }] });
  expect(ruleFor(runWith('p', 1), undefined)).toMatchObject({ domain: '{pipeline}' });
  expect(ruleFor(runWith('p', 0), undefined)).toBeUndefined();
  expect(ruleFor(runWith('q', 1), undefined)).toBeUndefined();
  expect(ruleFor(manifestWith([build]), undefined)).toBeUndefined();
});
