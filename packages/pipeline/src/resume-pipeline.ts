import type { RunId } from '@codex-orchestrator/core';
import {
  checkResumeToken,
  createRunLayout,
  isFinalStatus,
  reopenRunRecord,
} from '@codex-orchestrator/manifest';
import type { Manifest, RunEvent, RunLayout, RunRecord } from '@codex-orchestrator/manifest';

import { withContainment } from './contain-run.js';
import { PipelineError } from './errors.js';
import type { PipelineErrorCode, PipelineErrorOptions } from './errors.js';
import { GuardedObserver } from './guarded-observer.js';
import { inputsHash } from './inputs-hash.js';
import { loopHistoryOf } from './loop-history.js';
import type { LoopTrace } from './loop-history.js';
import type { Plan } from './plan.js';
import { hasPassedBefore, planResume } from './plan-resume.js';
import type { ResumeMode, ResumePlan } from './plan-resume.js';
import { readRun } from './read-run.js';
import type { KnownRun } from './read-run.js';
import { isAlive, recoverLocked, thisProcess } from './recover-run.js';
import type { RecoverPorts, RecoveryReport } from './recover-run.js';
import { redactRecord } from './redacted-record.js';
import { takeRunLock } from './run-lock.js';
import type { RunOutcome } from './run-outcome.js';
import { recordOptions, runOpened } from './run-pipeline.js';
import { resolveRunOptions } from './run-settings.js';
import type { RunPipelineOptions, RunSettings } from './run-settings.js';
import { describeStages } from './run-start.js';
import { attemptFiles, loopFiles } from './stage-files.js';

export interface ResumeOptions
  extends RunPipelineOptions, Pick<RecoverPorts, 'endLeftovers' | 'liveness'> {
  /** The run to go on with. */
  readonly runId: RunId;
  /** Who wants that, for the record. */
  readonly actor: string;
  /** Why, for the record. */
  readonly reason: string;
  /** Proof of the right to it. @default not asked for */
  readonly token?: string;
  /** Whether a plan that differs from the one of the run is taken all the same. @default false */
  readonly allowDrift?: boolean;
  /** @default 'resume' */
  readonly mode?: ResumeMode;
}

/**
 * Goes on with a run that has ended without success, or whose runner is dead: a further attempt in the
 * same record, in which stages whose end still stands are not run again. What they had left is as it
 * was; files of stages that run again move to `attempts/<n>/`.
 *
 * Whoever resumes holds the run's lock until the record names this process as its owner, so that of two
 * at once one is refused. An attempt before that is still to be counted is counted first; where that
 * fails, it stays uncounted, which is a problem of the outcome. Killed at any moment, it leaves a run that can be recovered and resumed.
 *
 * @throws PipelineError `RUN_ALIVE`, `RUN_BUSY`; and recorded as refused: `RUN_SUCCEEDED`,
 * `RESUME_TOKEN_MISMATCH`, `PLAN_DRIFT`; `INVALID_OPTION`. ManifestError `MANIFEST_NOT_FOUND`,
 * `JOURNAL_DAMAGED` and the others of a record that cannot be opened or kept.
 */
export async function resumePipeline(plan: Plan, options: ResumeOptions): Promise<RunOutcome> {
  return withContainment(resolveRunOptions(plan, options), async (settings) => {
    const layout = createRunLayout(settings);
    const observer = new GuardedObserver(settings.observer);
    const begun = await begin({ plan, options, settings, layout, observer });
    const { record, kept, loops, problems } = begun;
    const run = { plan, settings, record, observer, kept: new Set(kept), loops };
    const outcome = await runOpened(run, options);
    return { ...outcome, problems: [...problems, ...outcome.problems] };
  });
}

interface Attempt {
  readonly plan: Plan;
  readonly options: ResumeOptions;
  readonly settings: RunSettings;
  readonly layout: RunLayout;
  readonly observer: GuardedObserver;
}

interface BegunAttempt {
  readonly record: RunRecord;
  readonly kept: readonly string[];
  readonly loops: ResumePlan['continued'];
  /** What failed when the attempt before was completed. */
  readonly problems: RecoveryReport['problems'];
}

async function begin(attempt: Attempt): Promise<BegunAttempt> {
  const { layout, options, settings } = attempt;
  const ports: RecoverPorts = { ...options, ...settings };
  // A run that is not there must not get a lock, and one that goes on needs none to say so.
  const seen = await readRun(layout, ports);
  if (isAlive(seen)) throw alive(layout);
  const lock = await takeRunLock(layout, ports);
  try {
    const { outcome, problems } = await recoverLocked(layout, ports);
    if (outcome === 'alive') throw alive(layout);
    const begun = await reopen(attempt, await readRun(layout, ports));
    return { ...begun, problems };
  } finally {
    await lock.release();
  }
}

async function reopen(
  attempt: Attempt,
  { lastSeenAt, reading }: KnownRun,
): Promise<Omit<BegunAttempt, 'problems'>> {
  const { layout, settings, observer } = attempt;
  const { record: reopened } = await reopenRunRecord(layout, recordOptions(settings, observer));
  const record = redactRecord(reopened, settings.redactor);
  try {
    const resume = await decide(attempt, record, loopsOf(attempt.plan, reading.events));
    await beginAttempt(attempt, { record, resume, lastSeenAt });
    return { record, kept: resume.kept, loops: resume.continued };
  } catch (error) {
    await giveBack(record);
    throw error;
  }
}

function loopsOf({ stages }: Plan, events: readonly RunEvent[]): ReadonlyMap<string, LoopTrace> {
  const ofLoops = stages.filter(({ kind }) => kind === 'rlm');
  return new Map(
    ofLoops.flatMap(({ id }) => {
      const trace = loopHistoryOf(events, id);
      return trace ? [[id, trace]] : [];
    }),
  );
}

/** Asks everything that can speak against it, before anything is changed. */
async function decide(
  attempt: Attempt,
  record: RunRecord,
  loops: ReadonlyMap<string, LoopTrace>,
): Promise<ResumePlan> {
  const { layout, options, plan, settings } = attempt;
  const { manifest } = record;
  const refuse = (code: PipelineErrorCode, detail: string, more?: PipelineErrorOptions) =>
    refusal(attempt, record, { code, detail, more });
  if (manifest.status === 'succeeded') throw await refuse('RUN_SUCCEEDED', 'it has succeeded');
  const { token } = options;
  if (token !== undefined && !checkResumeToken(layout.resumeTokenPath, token, settings)) {
    throw await refuse('RESUME_TOKEN_MISMATCH', 'the token is not that of the run');
  }
  const resume = planResume(manifest, plan, {
    mode: modeOf(options),
    keepGoing: settings.keepGoing,
    inputsHashes: await hashInputs(attempt, manifest),
    files: attemptFiles(layout, settings.fs),
    loopFiles: loopFiles(layout, settings.fs),
    loops,
    layout,
  });
  const { drift } = resume;
  if (drift.length > 0 && options.allowDrift !== true) {
    throw await refuse('PLAN_DRIFT', `the plan has changed: ${drift.join(' ')}`, { drift });
  }
  return resume;
}

interface Refusal {
  readonly code: PipelineErrorCode;
  readonly detail: string;
  readonly more: PipelineErrorOptions | undefined;
}

/** A refusal that cannot be recorded is one all the same. */
async function refusal(
  { layout, options }: Attempt,
  record: RunRecord,
  { code, detail, more }: Refusal,
): Promise<PipelineError> {
  const message = `The run '${layout.runId}' is not resumed: ${detail}`;
  const { actor, reason } = options;
  try {
    record.append({ type: 'run.resume_refused', actor, reason, code, detail });
    await record.checkpoint();
  } catch (cause) {
    return new PipelineError(code, message, { ...more, path: layout.runDir, cause });
  }
  return new PipelineError(code, message, { ...more, path: layout.runDir });
}

/** Only of the stages whose end may stand: others run whatever their inputs are. */
async function hashInputs(
  { plan, options, settings, layout }: Attempt,
  { commands }: Manifest,
): Promise<ReadonlyMap<string, string | null>> {
  const passed = new Set(
    commands.filter((stage) => hasPassedBefore(stage, modeOf(options))).map(({ id }) => id),
  );
  const hashes = new Map<string, string | null>();
  for (const stage of plan.stages) {
    if (stage.kind !== 'command' || stage.inputs.length === 0 || !passed.has(stage.id)) continue;
    const hash = inputsHash(stage.inputs, { ...layout, fs: settings.fs });
    hashes.set(stage.id, await hash.catch(() => null));
  }
  return hashes;
}

interface Beginning {
  readonly record: RunRecord;
  readonly resume: ResumePlan;
  readonly lastSeenAt: string;
}

async function beginAttempt(
  { plan, options, settings }: Attempt,
  { record, resume, lastSeenAt }: Beginning,
): Promise<void> {
  const { manifest } = record;
  const { actor, reason, token } = options;
  const { kept, reset, drift, moved } = resume;
  // A sealed run was last seen when it ended; an interrupted one before somebody found that out.
  const ended =
    manifest.status === 'interrupted' ? lastSeenAt : (manifest.completed_at ?? lastSeenAt);
  const gapMs = settings.clock.nowMs() - Date.parse(ended);
  await record.beginAttempt({
    attempt: manifest.attempt + 1,
    owner: thisProcess(),
    tool: settings.tool,
    actor,
    reason,
    detail: token === undefined ? null : 'token checked',
    stages: describeStages(plan),
    kept,
    reset,
    drift,
    moved,
    gap_ms: gapMs > 0 ? gapMs : 0,
    options: settings.recordedOptions ?? manifest.options,
  });
}

/** An attempt that could not begin is nobody's: a record that says otherwise is ended or given up. */
async function giveBack(record: RunRecord): Promise<void> {
  try {
    if (isFinalStatus(record.manifest.status)) return;
    await record.seal({ status: 'failed', status_detail: 'record-failed', duration_ms: 0 });
  } catch {
    // The first error says more; what is left is that of a dead run once this process has ended.
  } finally {
    await record.close().catch(() => undefined);
  }
}

function modeOf({ mode = 'resume' }: ResumeOptions): ResumeMode {
  return mode;
}

function alive({ runId, runDir }: RunLayout): PipelineError {
  const message = `The run '${runId}' is not resumed: it is running`;
  return new PipelineError('RUN_ALIVE', message, { path: runDir });
}
