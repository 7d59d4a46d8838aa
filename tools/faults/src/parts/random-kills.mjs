import { setTimeout as pause } from 'node:timers/promises';

import { judge } from '../judge.mjs';
import { Repository } from '../repository.mjs';
import { createRandom } from '../seeded-random.mjs';
import { sideBySide } from '../side-by-side.mjs';

const stages = Array.from({ length: 10 }, (_, index) => `s${index}`);

/** @type {import('../run-parts.mjs').Part} */
export const randomKills = {
  id: 'random-kills',
  title: 'kill -9 at random moments of a run of ten stages',
  async run(report, context) {
    await report.check('SIGKILL at a random moment of a run of ten stages', async (tally) => {
      const { quick, jobs, seed } = context;
      const random = createRandom(seed);
      const wholeMs = await timeOfWholeRun(context);
      const delays = Array.from({ length: quick ? 8 : 200 }, () => random() * wholeMs * 1.05);
      /** @type {Map<string, number>} */
      const where = new Map();
      await sideBySide(delays, jobs, async (delayMs, index) => {
        const { place, problems } = await killAfter(delayMs, context);
        where.set(place, (where.get(place) ?? 0) + 1);
        tally.add(`kill ${index}, ${delayMs.toFixed(1)} ms after the start`, problems);
      });
      tally.note(
        [...where]
          .sort()
          .map(([place, count]) => `${count} ${place}`)
          .join(', '),
      );
    });
  },
};

/** @param {import('../run-parts.mjs').Context} context */
function createRun({ commandLine }) {
  return new Repository(
    commandLine,
    stages.map((id) => ({ id, work: 'sleep 0.02' })),
  );
}

/**
 * How long a run takes while as many others go on as later.
 *
 * @param {import('../run-parts.mjs').Context} context
 */
async function timeOfWholeRun(context) {
  const times = await sideBySide(Array.from({ length: context.jobs }), context.jobs, async () => {
    const repository = createRun(context);
    const startedAt = performance.now();
    await repository.call(['start', '--task', 't']);
    const elapsedMs = performance.now() - startedAt;
    repository.dispose();
    return elapsedMs;
  });
  return Math.max(...times);
}

/**
 * @param {number} delayMs
 * @param {import('../run-parts.mjs').Context} context
 */
async function killAfter(delayMs, context) {
  const repository = createRun(context);
  try {
    const program = repository.start(['start', '--task', 't', '--format', 'ndjson']);
    await pause(delayMs);
    program.child.kill('SIGKILL');
    const { signal, stdout } = await program.ended;
    const heard = stdout.toString('utf8');
    const place = placeOf(repository, signal);
    const statuses = signal === null ? ['succeeded'] : ['interrupted', 'succeeded'];
    return {
      place,
      problems: await judge(repository, context.commands, { heard, stages, statuses }),
    };
  } finally {
    repository.dispose();
  }
}

/**
 * @param {Repository} repository
 * @param {NodeJS.Signals | null} signal
 */
function placeOf(repository, signal) {
  if (signal === null) return 'after the end';
  if (repository.runs().length === 0) return 'before there was a record';
  return stages.some((id) => repository.marksOf(id).starts > 0)
    ? 'among the stages'
    : 'before the first stage';
}
