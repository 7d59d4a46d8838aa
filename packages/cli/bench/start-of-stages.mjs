import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** A run that takes longer than this may show how far it is in between. */
const snapshotAfterMs = 1_000;
const mostTries = 5;

/**
 * Runs a pipeline of so many stages that do nothing, in a workspace that has seen a run before, within the
 * second after which a run says how far it is, if the machine lets it.
 *
 * @param {import('@codex-orchestrator/bench').GuardContext} context
 * @param {number} stages
 */
export async function startOfStages(context, stages) {
  const start = await preparedStart(context, stages);
  await start();
  let run = await start();
  for (let tries = 1; run.wallMs > snapshotAfterMs && tries < mostTries; tries += 1) {
    run = await start();
  }
  return run;
}

/**
 * As `startOfStages`, to be started by the caller.
 *
 * @param {import('@codex-orchestrator/bench').GuardContext} context
 * @param {number} stages
 */
export async function preparedStart({ data, folder, runCli }, stages) {
  const cwd = join(folder, `of-${stages}`);
  mkdirSync(cwd);
  const { path } = await data.stages({ stages });
  copyFileSync(path, join(cwd, 'codex.orchestrator.json'));
  const words = ['start', 'bench', '--task', 'bench', '--format', 'json', '--no-interactive'];
  return () => runCli(words, { cwd });
}
