import { closestName } from '@codex-orchestrator/core';
import { judgeLesson, similarityOf, signatureOf } from '@codex-orchestrator/experience-store';
import type {
  Evidence,
  Experience,
  ExperienceStore,
  GateRuleName,
  GateVerdict,
} from '@codex-orchestrator/experience-store';
import { isFinalStatus } from '@codex-orchestrator/manifest';
import type { FoundRun } from '@codex-orchestrator/manifest';

import type { CommandInput, RunCommand } from '../../command.js';
import { CliError, usageError } from '../../errors.js';
import { exitCodes } from '../../exit-codes.js';
import type { experienceAddGrammar } from '../../experience-grammar.js';
import { readExperienceOptions } from '../../experience/experience-options.js';
import { openStore } from '../../experience/open-store.js';
import { given } from '../../given.js';
import type { Io } from '../../io.js';
import { renderAdded } from '../../render/experience-changes.js';
import { printable } from '../../render/printable.js';
import { searchRun } from '../../wanted-run.js';
import { findWorkspace } from '../../workspace.js';
import type { AddAnswer } from './answers.js';
import { requireDomain } from './experience-scope.js';
import { secretFinder } from './has-secret.js';
import { readLesson } from './lesson-text.js';
import { evidenceOf } from './run-evidence.js';

type Flags = CommandInput<(typeof experienceAddGrammar)['flags']>['flags'];

interface Lesson {
  readonly text: string;
  readonly domain: string;
  readonly run: FoundRun;
  readonly evidence: Evidence;
}

/** `experience add`: a lesson that somebody says a run taught, with the run that it can be checked by. */
export const experienceAdd: RunCommand<(typeof experienceAddGrammar)['flags']> = async (
  { flags },
  { io, answer },
) => {
  const lesson = await readWhatIsAdded(flags, io);
  const { run, domain } = lesson;
  using store = await openStore({ workspace: findWorkspace(io), io });
  await refuseWhatTeachesNothing(lesson, { store, isForced: flags.force === true, io });
  const { records, merged } = await store.recordBatch([inputOf(lesson, flags)], {
    durability: 'power',
    manifestPath: lesson.evidence.path,
  });
  const [record] = records;
  const [into] = merged;
  const described: AddAnswer = {
    task_id: run.layout.taskId,
    run_id: run.layout.runId,
    domain,
    outcome: record === undefined ? 'merged' : 'added',
    id: record?.id ?? into?.id ?? '',
    similarity: into?.similarity ?? null,
    record: record ?? null,
  };
  answer.give(described, () => renderAdded(described));
  return exitCodes.succeeded.code;
};

async function readWhatIsAdded(flags: Flags, io: Io): Promise<Lesson> {
  const domain = requireDomain(flags.domain);
  const { run: wanted, task } = flags;
  if (wanted === undefined) throw usageError('Expected `--run <id>`: the run that taught it');
  const text = await readLesson(flags, io);
  const run = await searchRun({ wanted, task, workspace: findWorkspace(io) }, io);
  expectStage(flags.stage, run);
  const isJudged = (flags.outcome ?? flags.gtScore) !== undefined;
  if (!isJudged && !isFinalStatus(run.manifest.status)) {
    const words = `run ${run.layout.runId} is not over, so the reward is 0: say how it goes with --outcome`;
    io.stderr.write(`codex-orchestrator: warning: ${words}\n`);
  }
  return { text, domain, run, evidence: evidenceOf(run) };
}

/** @throws CliError `STAGE_NOT_FOUND` */
function expectStage(stage: string | undefined, { manifest, layout }: FoundRun): void {
  const ids = manifest.commands.map(({ id }) => id);
  if (stage === undefined || ids.includes(stage)) return;
  const meant = closestName(stage, ids);
  throw new CliError('STAGE_NOT_FOUND', `Run ${layout.runId} has no stage \`${stage}\``, {
    ...given({ hint: meant === undefined ? undefined : `Did you mean \`${meant}\`?` }),
  });
}

interface Judging {
  readonly store: ExperienceStore;
  readonly isForced: boolean;
  readonly io: Pick<Io, 'env'>;
}

/** What nobody can force: a lesson without its run, one that is no lesson by its size, one with a secret. */
const unforced: ReadonlySet<GateRuleName> = new Set([
  'run-missing',
  'evidence-missing',
  'too-long',
  'secret',
]);

/** Where so many of the best say something else, it is new enough. */
const comparedRecords = 32;

/** @throws CliError `LESSON_REFUSED` */
async function refuseWhatTeachesNothing(lesson: Lesson, judging: Judging): Promise<void> {
  const { text, run, evidence } = lesson;
  const hasSecret = secretFinder(judging.io.env);
  if (hasSecret(text)) throw refused({ rule: 'secret', reason: 'It has a secret in it.' });
  const nearest = judging.isForced ? undefined : await nearestOf(lesson, judging);
  const verdict = judgeLesson(text, {
    runId: run.layout.runId,
    evidence,
    hasSecret,
    ...given({ similarity: nearest?.similarity }),
  });
  if (verdict.ok || (judging.isForced && !unforced.has(verdict.rule))) return;
  throw refused(verdict, nearest?.record);
}

interface Nearest {
  readonly record: Experience;
  readonly similarity: number;
}

async function nearestOf(
  { text, domain, run }: Lesson,
  { store, io }: Judging,
): Promise<Nearest | undefined> {
  const { taskId } = run.layout;
  const { records } = await store.fetchTop({ domain, taskId, limit: comparedRecords });
  // Only the first words are kept, and those are compared.
  const { maxWords } = readExperienceOptions(io.env);
  const own = signatureOf(text.trim().split(/\s+/).slice(0, maxWords).join(' '));
  let nearest: Nearest | undefined;
  for (const record of records) {
    const similarity = similarityOf(own, signatureOf(record.summary32));
    if (similarity > (nearest?.similarity ?? 0)) nearest = { record, similarity };
  }
  return nearest;
}

function refused(
  { rule, reason }: Omit<Extract<GateVerdict, { readonly ok: false }>, 'ok'>,
  known?: Experience,
): CliError {
  const isKnown = rule === 'known-already' && known !== undefined;
  const shown = isKnown ? ` It is ${printable(known.id)}.` : '';
  return new CliError('LESSON_REFUSED', `The lesson is refused (${rule}): ${reason}${shown}`, {
    ...given({ hint: unforced.has(rule) ? undefined : hintFor(isKnown) }),
    details: { rule, ...(isKnown ? { known_id: known.id } : {}) },
  });
}

function hintFor(isKnown: boolean): string {
  return isKnown
    ? 'With `--force` it is noted that this run taught it too'
    : 'Add it all the same with `--force`';
}

function inputOf(
  { text, domain, run, evidence }: Lesson,
  flags: Flags,
): Parameters<ExperienceStore['recordBatch']>[0][number] {
  const { manifest, layout } = run;
  const outcome = flags.outcome ?? manifest.status;
  const { gtScore = outcome === 'succeeded' ? 1 : 0, relativeRank = 0 } = flags;
  const stamp = manifest.prompt_packs?.find((pack) => pack.domain === domain)?.stamp;
  return {
    runId: layout.runId,
    taskId: layout.taskId,
    summary: text,
    reward: { gtScore, relativeRank },
    toolStats: [],
    stampSignature: stamp ?? null,
    domain,
    stageId: flags.stage ?? null,
    evidence,
    source: flags.source ?? 'cli',
  };
}
