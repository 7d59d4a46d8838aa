import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { journalLines, judge, readManifest } from '../judge.mjs';
import { Repository } from '../repository.mjs';

const stages = ['a', 'b', 'c'];

/** @type {import('../run-parts.mjs').Part} */
export const together = {
  id: 'together',
  title: 'Several runs of one task at once',
  async run(report, { commandLine, commands, quick }) {
    for (const [count, rounds] of quick
      ? [
          [2, 1],
          [8, 1],
        ]
      : [
          [2, 10],
          [8, 5],
        ]) {
      await report.check(`${count} runs of one task at once`, async (tally) => {
        for (let round = 0; round < rounds; round += 1) {
          const repository = new Repository(
            commandLine,
            stages.map((id) => ({ id, work: 'echo "$CODEX_ORCHESTRATOR_RUN_ID"' })),
          );
          try {
            await tryTogether({ repository, commands, count, round, tally });
          } finally {
            repository.dispose();
          }
        }
      });
    }
  },
};

/**
 * @param {{ repository: Repository, commands: ReadonlySet<string>, count: number, round: number, tally: import('../report.mjs').Tally }} attempt
 */
async function tryTogether({ repository, commands, count, round, tally }) {
  const args = ['start', '--task', 'one', '--format', 'ndjson'];
  const programs = Array.from({ length: count }, () => repository.start(args));
  const ends = await Promise.all(programs.map(({ ended }) => ended));
  const heard = ends.map(({ stdout }) => stdout.toString('utf8'));
  const shared = await judge(repository, commands, {
    heard: heard.join(''),
    statuses: ['succeeded'],
  });
  if (repository.runs().length !== count)
    shared.push(`${repository.runs().length} records of ${count} runs`);
  ends.forEach(({ exitCode, stderr }, index) => {
    const verdict = JSON.parse(heard[index].trimEnd().split('\n').at(-1) ?? '{}');
    const wrong =
      exitCode === 0
        ? wrongRecord(repository, verdict.run_id, count)
        : [`exit code ${exitCode}: ${stderr}`];
    tally.add(`round ${round}, run ${index}`, [...wrong, ...(index === 0 ? shared : [])]);
  });
}

/**
 * Each run has its own events, its own logs, and nothing of another one.
 *
 * @param {Repository} repository
 * @param {string} runId
 * @param {number} count
 */
function wrongRecord(repository, runId, count) {
  const run = repository.runs().find(({ id }) => id === runId);
  if (run === undefined) return [`no record of ${runId}`];
  const { commands } = readManifest(run.folder);
  const starts = journalLines(run.folder).filter(
    (line) => JSON.parse(line).type === 'stage.started',
  );
  return [
    ...(starts.length === stages.length
      ? []
      : [`${starts.length} stages in the journal of ${runId}`]),
    ...commands
      .filter(({ status }) => status !== 'succeeded')
      .map(({ id, status }) => `${id} is ${status}`),
    ...commands
      .filter(({ id, log_path }) => readLog(repository, log_path) !== `output of ${id}\n${runId}\n`)
      .map(({ id }) => `the log of ${id} holds something else`),
    ...stages
      .filter((id) => repository.marksOf(id).ends !== count)
      .map((id) => `${id} ran ${repository.marksOf(id).ends} times for ${count} runs`),
  ];
}

/**
 * @param {Repository} repository
 * @param {string | null} path
 */
function readLog(repository, path) {
  return path === null ? '' : readFileSync(join(repository.root, path), 'utf8');
}
