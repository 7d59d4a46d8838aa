import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** While a run goes on, its manifest is replaced at most as often as this. */
const snapshotEveryMs = 1_000;
/** When it begins and when it ends. */
const manifestWritesOfAnyRun = 2;

/**
 * What a run of so many stages that do nothing costs, in a workspace that has seen a run before. On a
 * machine so busy that the run takes seconds it says in between how far it is: these writes are left out,
 * but never more of them than there were seconds.
 *
 * @param {import('@codex-orchestrator/bench').GuardContext} context
 * @param {number} stages
 */
export async function costOfStages(context, stages) {
  const start = await preparedStart(context, stages);
  await start();
  const { counts, byFile, wallMs } = await start();
  const manifestWrites = byFile['manifest.json']?.writes ?? 0;
  const inBetween = Math.min(
    Math.max(0, manifestWrites - manifestWritesOfAnyRun),
    Math.floor(wallMs / snapshotEveryMs),
  );
  return {
    manifestWrites: manifestWrites - inBetween,
    journalWrites: byFile['runner.ndjson']?.writes ?? 0,
    historyWrites: byFile['metrics.json']?.writes ?? 0,
    writes: counts.writes - inBetween,
    opens: counts.opens - inBetween,
    renames: counts.renames - inBetween,
    fsyncs: counts.fsyncs,
    spawns: counts.spawns,
    modulesLoaded: counts.modulesLoaded,
  };
}

/**
 * The same run, to be started by the caller.
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
