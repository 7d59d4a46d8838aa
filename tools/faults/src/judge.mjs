import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

const finalStatuses = new Set(['succeeded', 'failed', 'cancelled', 'timed_out', 'interrupted']);

/**
 * @typedef {object} Expectation
 * @property {string} [heard] What the run printed with `--format ndjson`: each line is a promise.
 * @property {readonly string[]} [statuses] Which of these every run must have; any final one by default.
 * @property {string} [mayStay] A file whose removal the system has refused.
 * @property {readonly string[]} [stages] Ids of stages whose marks are compared with the record.
 */

/**
 * What is wrong after a fault: recovers all runs, then compares what the command line says with the
 * files, with the processes of the machine, and with the marks that the stages left.
 *
 * @param {import('./repository.mjs').Repository} repository
 * @param {ReadonlySet<string>} commands What the command line can do.
 * @param {Expectation} [expectation]
 * @returns {Promise<string[]>} Nothing when all is well.
 */
export async function judge(repository, commands, expectation = {}) {
  const problems = [];
  if (commands.has('recover')) {
    problems.push(...(await problemsOfCall(repository, ['recover', '--all', '--format', 'json'])));
    problems.push(...leftProcesses(repository.folder).map((text) => `process left: ${text}`));
    const files = leftTemporaryFiles(repository).filter((path) => path !== expectation.mayStay);
    problems.push(...files.map((path) => `temporary file left: ${path}`));
  }
  if (commands.has('verify')) {
    problems.push(...(await problemsOfCall(repository, ['verify', '--all', '--format', 'json'])));
  }
  problems.push(...(await wrongRuns(repository, expectation)));
  problems.push(...lostEvents(repository, expectation.heard ?? ''));
  problems.push(...wrongExperiences(repository));
  return problems;
}

/**
 * Each run leaves one experience at most, and only a run that is there.
 *
 * @param {import('./repository.mjs').Repository} repository
 */
function wrongExperiences(repository) {
  const recorded = repository.recordedRuns();
  const runs = new Set(repository.runs().map(({ id }) => id));
  return recorded.flatMap((id, at) => [
    ...(runs.has(id) ? [] : [`experience of a run that is not there: ${id}`]),
    ...(recorded.indexOf(id) === at ? [] : [`experience of ${id} is there twice`]),
  ]);
}

/**
 * @param {import('./repository.mjs').Repository} repository
 * @param {readonly string[]} args
 */
async function problemsOfCall(repository, args) {
  const { exitCode, signal, stdout, stderr } = await repository.call(args);
  if (exitCode === 0) return [];
  return [
    `${args.slice(0, 2).join(' ')} ended with ${exitCode ?? signal}: ${(stderr || stdout).trim().slice(0, 600)}`,
  ];
}

/**
 * What `status` says of a run that is alone, or `runs` of several, against the files and the marks.
 *
 * @param {import('./repository.mjs').Repository} repository
 * @param {Expectation} expectation
 */
async function wrongRuns(repository, { statuses = [...finalStatuses], stages = [] }) {
  const runs = repository.runs();
  if (runs.length === 1 && stages.length > 0) {
    return wrongStages(repository, runs[0].id, { stages, statuses });
  }
  const problems = await wrongList(repository, statuses);
  for (const { id } of runs) problems.push(...(await wrongStages(repository, id, { stages })));
  return problems;
}

/**
 * @param {import('./repository.mjs').Repository} repository
 * @param {readonly string[]} statuses
 */
async function wrongList(repository, statuses) {
  const args = ['runs', '--format', 'json', '--limit', '1000'];
  const { exitCode, stdout, stderr } = await repository.call(args);
  if (exitCode !== 0) return [`runs ended with ${exitCode}: ${stderr.trim()}`];
  /** @type {{ runs: { run_id: string, status: string }[], unreadable: { path: string, reason: string }[] }} */
  const { runs, unreadable } = JSON.parse(stdout);
  const there = repository.runs().length;
  return [
    ...unreadable.map(({ path, reason }) => `unreadable: ${path}: ${reason}`),
    ...runs.flatMap(({ run_id, status }) => wrongStatus(run_id, status, statuses)),
    ...(runs.length === there ? [] : [`runs lists ${runs.length} runs of ${there}`]),
  ];
}

/**
 * @param {string} runId
 * @param {string} status
 * @param {readonly string[]} statuses
 */
function wrongStatus(runId, status, statuses) {
  return statuses.includes(status) ? [] : [`${runId} is ${status}, not ${statuses.join(' or ')}`];
}

/**
 * Processes that carry the mark of this repository in their environment. What is dead and not yet
 * reaped has no environment left.
 *
 * @param {string} folder
 * @returns {string[]}
 */
export function leftProcesses(folder) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      const environment = readQuietly(`/proc/${pid}/environ`);
      const mark = `CODEX_ORCHESTRATOR_RUN_DIR=${folder}/`;
      if (!environment.split('\0').some((entry) => entry.startsWith(mark))) return [];
      return [`${pid} ${readQuietly(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').slice(0, 80)}`];
    });
}

/**
 * @param {import('./repository.mjs').Repository} repository
 * @returns {string[]}
 */
export function leftTemporaryFiles(repository) {
  return repository
    .files()
    .filter((path) => /(\.tmp|-tmp|\.opening|\.draft)$/.test(basename(path)));
}

/**
 * Locks that nobody holds any more. One whose holder was killed is taken over by the next; a holder that
 * lives on takes it away.
 *
 * @param {import('./repository.mjs').Repository} repository
 * @returns {string[]}
 */
export function leftLocks(repository) {
  return repository.files().filter((path) => path.endsWith('.lock'));
}

/**
 * Stages of which the record says something else than what their own marks say. A stage that ended
 * while nobody was there to write it down is truly `interrupted`.
 *
 * @param {import('./repository.mjs').Repository} repository
 * @param {string} runId
 * @param {{ stages: readonly string[], statuses?: readonly string[] }} wanted
 * @returns {Promise<string[]>}
 */
export async function wrongStages(repository, runId, { stages, statuses }) {
  if (stages.length === 0) return [];
  const { exitCode, stdout, stderr } = await repository.call([
    'status',
    '--run',
    runId,
    '--format',
    'json',
  ]);
  if (exitCode !== 0) return [`status ended with ${exitCode}: ${(stderr || stdout).slice(0, 600)}`];
  /** @type {{ status: string, commands: { id: string, status: string }[] }} */
  const { status, commands } = JSON.parse(stdout);
  return [
    ...(statuses === undefined ? [] : wrongStatus(runId, status, statuses)),
    ...stages.flatMap((id) => wrongStage(repository, id, commands)),
  ];
}

/**
 * @param {import('./repository.mjs').Repository} repository
 * @param {string} id
 * @param {readonly { id: string, status: string }[]} commands
 */
function wrongStage(repository, id, commands) {
  const status = commands.find((stage) => stage.id === id)?.status ?? 'missing';
  const { starts, ends } = repository.marksOf(id);
  const wrong =
    status === 'missing' ||
    (status === 'succeeded' && ends === 0) ||
    (['pending', 'skipped'].includes(status) && starts > 0) ||
    (status === 'failed' && ends === starts && starts > 0);
  return wrong ? [`stage ${id} is ${status} after ${starts} starts and ${ends} ends`] : [];
}

/**
 * @param {string} runFolder
 * @returns {{ status: string, duration_ms: number | null, started_at: string, completed_at: string | null, commands: { id: string, status: string, duration_ms: number | null, log_path: string | null, log_bytes: number | null, log_omitted_bytes: number | null }[] }}
 */
export function readManifest(runFolder) {
  return JSON.parse(readFileSync(join(runFolder, 'manifest.json'), 'utf8'));
}

/**
 * Events that somebody has read and that no journal holds.
 *
 * @param {import('./repository.mjs').Repository} repository
 * @param {string} heard
 * @returns {string[]}
 */
export function lostEvents(repository, heard) {
  const events = heardEvents(heard);
  if (events.length === 0) return [];
  const recorded = new Set(
    repository.runs().flatMap(({ folder }) => journalLines(folder).map(withoutChain)),
  );
  return events
    .filter((line) => !recorded.has(withoutChain(line)))
    .map((line) => `event lost: ${line.slice(0, 120)}`);
}

/**
 * Whole lines that are events of a journal: neither the answer at the end nor a line that was cut.
 *
 * @param {string} heard
 * @returns {string[]}
 */
export function heardEvents(heard) {
  return heard
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.startsWith('{"v":'));
}

/** @param {string} runFolder */
export function journalLines(runFolder) {
  const path = join(runFolder, 'runner.ndjson');
  return existsSync(path)
    ? readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
    : [];
}

/** @param {string} line */
function withoutChain(line) {
  return line.replace(/,"chain":"[0-9a-f]{64}"\}$/, '}');
}

/** @param {string} path */
function readQuietly(path) {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
