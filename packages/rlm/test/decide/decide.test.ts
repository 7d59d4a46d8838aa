import { createSeededRandom } from '@codex-orchestrator/testing';
import type { SeededRandom } from '@codex-orchestrator/testing';
import { describe, expect, test } from 'vitest';

import { addUsage, noUsage } from '../../src/decide/add-usage.js';
import { decide, decideBefore } from '../../src/decide/decide.js';
import type { DecisionFacts } from '../../src/decide/decide.js';
import { statusForState } from '../../src/decide/status-for-state.js';
import { turnOutcomes } from '../../src/agent/turn.js';
import type { Iteration } from '../../src/loop/iteration.js';
import { validatorOutcomes } from '../../src/validator/validator.js';
import {
  passedJudgement,
  sampleIteration,
  sampleJudgement,
  sampleSettings,
  sampleTurn,
  someUsage,
} from './sample-iteration.js';

function facts(
  iterations: readonly Iteration[],
  parts: Partial<Omit<DecisionFacts, 'settings'>> & {
    settings?: Parameters<typeof sampleSettings>[0];
  } = {},
): DecisionFacts {
  const { settings, ...rest } = parts;
  return {
    iterations,
    settings: sampleSettings(settings),
    usage: iterations.reduce((sum) => addUsage(sum, someUsage), noUsage),
    activeMs: iterations.length * 60_000,
    ...rest,
  };
}

function sayings(...messages: readonly string[]): Iteration[] {
  return messages.map((message, index) =>
    sampleIteration(index + 1, {
      turns: [sampleTurn({ message })],
      treeBefore: 'same',
      treeAfter: 'same',
      validators: [sampleJudgement()],
    }),
  );
}

const passing = (n: number, parts: Partial<Iteration> = {}) =>
  sampleIteration(n, { validators: [passedJudgement()], ...parts });
const broken = (n: number, outcome = 'failed' as const, parts: Partial<Iteration> = {}) =>
  sampleIteration(n, { turns: [sampleTurn({ outcome, reason: 'no quota' })], ...parts });
const nobody = { validators: [] };
const unjudged = (n: number, parts: Partial<Iteration> = {}) =>
  sampleIteration(n, { validators: [], validatorExitCode: null, ...parts });

test('a loop goes on while its iterations differ and nothing is used up', () => {
  expect(decide(facts([1, 2, 3, 4, 5, 6].map((n) => sampleIteration(n))))).toBeUndefined();
  expect(decideBefore(facts([]))).toBeUndefined();
});

describe('of several reasons the first counts', () => {
  // Each of them is added to what is there, and wins over it.
  const steps: readonly (readonly [string, (loop: DecisionFacts) => DecisionFacts])[] = [
    ['max_iterations', (loop) => change(loop, { limits: { maxIterations: 3 } })],
    ['max_minutes', (loop) => change(loop, { limits: { maxIterations: 3, maxMinutes: 3 } })],
    [
      'budget_exceeded',
      (loop) => change(loop, { limits: { maxIterations: 3, maxMinutes: 3, maxTokens: 330 } }),
    ],
    [
      'stalled',
      (loop) => ({
        ...loop,
        iterations: loop.iterations.map((iteration) => ({
          ...iteration,
          treeBefore: 'a',
          treeAfter: 'a',
          validators: [sampleJudgement()],
        })),
      }),
    ],
    [
      'blocked_on_human',
      (loop) => last(loop, { turns: [sampleTurn({ message: 'blocked: which port?' })] }),
    ],
    [
      'error',
      (loop) => ({
        ...last(loop, { completed: false, turns: [sampleTurn({ outcome: 'spawn-failed' })] }),
      }),
    ],
    ['passed', (loop) => last(loop, { ...passing(3) })],
    [
      'validator_error',
      (loop) =>
        last(loop, {
          validators: [passedJudgement(), sampleJudgement({ outcome: 'not-runnable' })],
        }),
    ],
    [
      'validator_tampered',
      (loop) => ({
        ...last(loop, { tampered: ['test/a.test.ts'] }),
        settings: { ...loop.settings, onTamper: 'refuse' },
      }),
    ],
    ['cancelled', (loop) => ({ ...loop, stopped: 'cancelled' })],
  ];

  test('cancelled, tampered, validator, pass, errors, question, stall, money, time, iterations', () => {
    let loop = facts([1, 2, 3].map((n) => sampleIteration(n)));
    for (const [status, step] of steps) {
      loop = step(loop);
      expect(decide(loop)?.status).toBe(status);
      expect(decide(loop)?.reason).toMatch(/\.$|\?$|npm test$/);
    }
  });

  function change(loop: DecisionFacts, parts: Parameters<typeof sampleSettings>[0]): DecisionFacts {
    return { ...loop, settings: sampleSettings(parts) };
  }

  function last(loop: DecisionFacts, parts: Partial<Iteration>): DecisionFacts {
    const before = loop.iterations.slice(0, -1);
    return { ...loop, iterations: [...before, sampleIteration(3, parts)] };
  }
});

describe('a pass', () => {
  test('counts on the last iteration, with the last of the money and of the time', () => {
    const loop = facts([passing(1)], {
      settings: { limits: { maxIterations: 1, maxTokens: 1, maxMinutes: 0.5 } },
      stopped: 'max_minutes',
    });
    expect(decide(loop)).toMatchObject({ status: 'passed', exitCode: 0 });
  });

  test('needs a turn that completed', () => {
    expect(decide(facts([passing(1, { completed: false })]))).toBeUndefined();
  });

  test('needs each validator by its name', () => {
    const settings = {
      validators: [
        { name: 'npm-test', command: 'npm test', timeoutMs: 1 },
        { name: 'lint', command: 'npm run lint', timeoutMs: 1 },
      ],
    };
    expect(decide(facts([passing(1)], { settings }))).toBeUndefined();
    const both = [passedJudgement(), passedJudgement({ name: 'lint' })];
    expect(decide(facts([passing(1, { validators: both })], { settings }))?.status).toBe('passed');
  });

  test('is never given to anything else, whatever the loop looks like', () => {
    const random = createSeededRandom(11);
    let passes = 0;
    for (let round = 0; round < 3000; round++) {
      const loop = randomLoop(random);
      const verdict = decide(loop);
      const last = loop.iterations.at(-1);
      const names = new Set(last?.validators.map(({ name }) => name));
      const all =
        loop.settings.validators.length > 0 &&
        loop.settings.validators.every(({ name }) => names.has(name)) &&
        last?.completed === true &&
        last.validators.every(({ outcome }) => outcome === 'passed');
      if (verdict?.status === 'passed') {
        passes += 1;
        expect(all).toBe(true);
        expect(loop.stopped).not.toBe('cancelled');
      }
      if (verdict?.exitCode === 0 && loop.settings.validators.length > 0) expect(all).toBe(true);
      expect(decide(loop)).toEqual(verdict);
    }
    expect(passes).toBeGreaterThan(20);
  });

  function randomLoop(random: SeededRandom): DecisionFacts {
    const iterations = Array.from({ length: Math.floor(random.next() * 6) }, (_, index) => {
      const outcome = random.next() < 0.6 ? 'completed' : random.pick(turnOutcomes);
      const judgements = ['a', 'b'].slice(0, Math.floor(random.next() * 3)).map((name) => {
        const said = random.next() < 0.6 ? 'passed' : random.pick(validatorOutcomes);
        return sampleJudgement({
          name,
          outcome: said,
          fingerprint: random.pick(['x', 'y', null]),
        });
      });
      const trees = [null, 't1', 't2'] as const;
      return sampleIteration(index + 1, {
        turns: [sampleTurn({ outcome, message: random.pick([null, 'Should I go on?', 'Done.']) })],
        validators: judgements,
        treeBefore: random.pick(trees),
        treeAfter: random.pick(trees),
        tampered: random.next() < 0.1 ? ['t'] : [],
      });
    });
    const validators = ['a', 'b'].slice(0, Math.floor(random.next() * 3));
    return facts(iterations, {
      stopped: random.pick([undefined, undefined, undefined, 'cancelled', 'max_minutes']),
      settings: {
        validators: validators.map((name) => ({ name, command: name, timeoutMs: 1 })),
        onTamper: random.pick(['report', 'refuse']),
        limits: { maxIterations: random.pick([null, 2, 5, 88]) },
      },
    });
  }
});

describe('errors', () => {
  test('end a loop when they come in a row', () => {
    expect(decide(facts([broken(1), broken(2)]))).toBeUndefined();
    expect(decide(facts([broken(1), sampleIteration(2), broken(3), broken(4)]))).toBeUndefined();
    const verdict = decide(facts([broken(1), broken(2), broken(3)]));
    expect(verdict).toMatchObject({ status: 'error', exitCode: 10 });
    expect(verdict?.reason).toContain('no quota');
  });

  test('of a worker count though its planner succeeds each time', () => {
    const turns = [
      sampleTurn({ role: 'planner' }),
      sampleTurn({ role: 'worker', outcome: 'silent' }),
    ];
    const iterations = [1, 2, 3].map((n) => sampleIteration(n, { turns }));
    expect(decide(facts(iterations))?.status).toBe('error');
  });

  test('are none where the loop itself ended the turn', () => {
    const cut = sampleIteration(3, { turns: [sampleTurn({ outcome: 'cancelled' })] });
    const loop = facts([broken(1), broken(2), cut], { stopped: 'max_minutes' });
    expect(decide(loop)?.status).toBe('max_minutes');
  });

  test('of an earlier attempt are not in a row with those of this one', () => {
    const loop = facts([broken(1), broken(2), broken(3), broken(4)], { earlierIterations: 3 });
    expect(decide(loop)).toBeUndefined();
  });
});

describe('a question', () => {
  test('in the form that is asked for ends the loop at once', () => {
    const verdict = decide(facts(sayings('I looked.\nblocked: which database?')));
    expect(verdict).toMatchObject({ status: 'blocked_on_human', exitCode: 7 });
    expect(verdict?.reason).toContain('which database?');
  });

  test('in free words has to come twice', () => {
    const asks = 'Should I use Postgres or SQLite?';
    expect(decide(facts(sayings(asks)))).toBeUndefined();
    expect(decide(facts(sayings('I did it.', asks)))).toBeUndefined();
    expect(decide(facts(sayings(asks, asks)))?.status).toBe('blocked_on_human');
  });

  test('beside a change is politeness', () => {
    const turns = [sampleTurn({ message: 'Should I go on with the rest?' })];
    const iterations = [1, 2].map((n) => sampleIteration(n, { turns }));
    expect(decide(facts(iterations))).toBeUndefined();
  });
});

describe('where nobody judges', () => {
  test('a loop is done when its iterations are', () => {
    const settings = { ...nobody, limits: { maxIterations: 2 } };
    const loop = facts([unjudged(1), unjudged(2)], { settings });
    expect(decide(loop)).toMatchObject({ status: 'budget_complete', exitCode: 0 });
    expect(decide(facts([unjudged(1)], { settings }))).toBeUndefined();
  });

  test('that counts though the last iterations changed nothing', () => {
    const still = [1, 2, 3].map((n) => unjudged(n, { treeBefore: 'a', treeAfter: 'a' }));
    const settings = { ...nobody, limits: { maxIterations: 3 } };
    expect(decide(facts(still, { settings }))?.status).toBe('budget_complete');
    expect(decide(facts(still, { settings: nobody }))?.status).toBe('stalled');
  });

  test('nothing is done when no turn completed', () => {
    const settings = { ...nobody, limits: { maxIterations: 2 } };
    const loop = facts(
      [1, 2].map((n) => broken(n, 'failed', { validators: [] })),
      { settings },
    );
    expect(decide(loop)).toMatchObject({ status: 'error', exitCode: 10 });
  });

  test.each([
    ['git', 'a', 'a', 5],
    ['a plain folder', null, null, 2],
  ])(
    'nothing is done when the agent was kept from everything (%s)',
    (_kind, before, after, calls) => {
      const turns = [sampleTurn({ denials: ['Edit: no', 'Bash: no'], toolCalls: calls })];
      const iteration = unjudged(1, { turns, treeBefore: before, treeAfter: after });
      const settings = { ...nobody, limits: { maxIterations: 1 } };
      expect(decide(facts([iteration], { settings }))?.status).toBe('error');
      const changed = { ...iteration, treeBefore: 'a', treeAfter: 'b' };
      expect(decide(facts([changed], { settings }))?.status).toBe('budget_complete');
    },
  );

  test('a cap of time is the measure of an unlimited loop, and a limit of any other', () => {
    const unlimited = { ...nobody, limits: { maxIterations: null, maxMinutes: 1 } };
    expect(decide(facts([unjudged(1)], { settings: unlimited }))?.status).toBe('budget_complete');
    const limited = { ...nobody, limits: { maxIterations: 9, maxMinutes: 1 } };
    expect(decide(facts([unjudged(1)], { settings: limited }))?.status).toBe('max_minutes');
  });
});

describe('what is used up', () => {
  test.each([
    [{ maxCostUsd: 1 }, 'cost 1.0000 USD'],
    [{ maxTokens: 220 }, '220 tokens'],
  ])('%j', (limits, reason) => {
    const verdict = decide(
      facts([sampleIteration(1), sampleIteration(2)], { settings: { limits } }),
    );
    expect(verdict).toMatchObject({ status: 'budget_exceeded', exitCode: 3 });
    expect(verdict?.reason).toContain(reason);
    expect(decide(facts([sampleIteration(1)], { settings: { limits } }))).toBeUndefined();
  });

  test.each(['output-limit', 'budget-limit'] as const)(
    'a turn that was ended by it: %s',
    (outcome) => {
      const iteration = sampleIteration(1, { turns: [sampleTurn({ outcome })] });
      expect(decide(facts([iteration]))?.status).toBe('budget_exceeded');
    },
  );
});

describe('before an iteration', () => {
  test('a limit that was reached before ends the loop', () => {
    const five = [1, 2, 3, 4, 5].map((n) => sampleIteration(n));
    const settings = { limits: { maxIterations: 5 } };
    expect(decideBefore(facts(five, { settings }))?.status).toBe('max_iterations');
    expect(
      decideBefore(facts(five, { settings: { limits: { maxIterations: 6 } } })),
    ).toBeUndefined();
  });

  test('a pass that nobody could report any more is reported', () => {
    expect(decideBefore(facts([passing(1)]))?.status).toBe('passed');
    const tampered = facts([passing(1, { tampered: ['t'] })], { settings: { onTamper: 'refuse' } });
    expect(decideBefore(tampered)).toBeUndefined();
  });

  test('what a person may have mended since is no reason', () => {
    expect(decideBefore(facts([broken(1), broken(2), broken(3)]))).toBeUndefined();
    expect(decideBefore(facts(sayings('a', 'b', 'c')))).toBeUndefined();
    expect(decideBefore(facts(sayings('blocked: which?')))).toBeUndefined();
    const validators = [sampleJudgement({ outcome: 'not-runnable' })];
    expect(decideBefore(facts([sampleIteration(1, { validators })]))).toBeUndefined();
  });

  test('a cancelled loop does not begin', () => {
    expect(decideBefore(facts([], { stopped: 'cancelled' }))?.exitCode).toBe(130);
  });
});

test('readers of the state know a broken validator as an error', () => {
  expect(statusForState({ status: 'validator_error' })).toBe('error');
  expect(statusForState({ status: 'stalled' })).toBe('stalled');
});
