import { relative, sep } from 'node:path';

import { messageOf } from '@codex-orchestrator/core';

import type { Usage } from '../agent/agent.js';
import type { Turn } from '../agent/turn.js';
import { addUsage, noUsage } from '../decide/add-usage.js';
import type { Findings } from '../findings/findings.js';
import { readFindings } from '../findings/read-findings.js';
import { summaryOf } from '../prompt/summary-of.js';
import type { LoopSettings } from '../settings/loop-settings.js';
import { changedProtected, hashProtected } from '../validator/protected-files.js';
import type { ProtectedFiles } from '../validator/protected-files.js';
import { runValidators } from '../validator/run-validators.js';
import type { RecordedJudgement } from '../validator/run-validators.js';
import type { Judgement } from '../validator/validator.js';
import type { Workspace } from '../workspace/workspace.js';
import type { Iteration } from './iteration.js';
import { fromLoop } from './loop-files.js';
import type { LoopFiles } from './loop-files.js';
import { clearPlace, holdFolder, writeOwnJson } from './own-place.js';
import type { EvidenceFile } from './own-place.js';
import type { WorldPorts } from './ports.js';
import type { StraySweeper } from './stray-sweeper.js';
import { runTurns, workingTurn } from './run-turns.js';
import type { TurnsRequest } from './run-turns.js';

/** What all iterations of a loop have in common. */
export interface IterationContext {
  readonly settings: LoopSettings;
  readonly root: string;
  readonly files: LoopFiles;
  readonly workspace: Workspace;
  readonly strays: StraySweeper;
  /** Folders relative to the root that are no part of the work. */
  readonly ignoredPaths: readonly string[];
  /** The protected files as they were before the first turn. */
  readonly protectedBefore: ProtectedFiles;
  readonly lessons: readonly string[];
  readonly world: WorldPorts;
  /** One line for whoever watches. */
  readonly tell: (line: string) => void;
  /** Told of each file that an iteration leaves. */
  readonly onFile: (file: EvidenceFile) => void;
}

export interface IterationRequest {
  readonly n: number;
  readonly earlier: readonly Iteration[];
  /** Whether this iteration was begun before and its runner died. */
  readonly wasInterrupted: boolean;
  readonly findingsWanted: boolean;
}

export interface IterationResult {
  readonly iteration: Iteration;
  readonly findings: Findings | undefined;
}

/**
 * One iteration: the agent works, then everything is judged. It ends with a record whatever the agent
 * does; what stops the loop stops it as soon as nothing of it runs any more.
 */
export async function runIteration(
  request: IterationRequest,
  context: IterationContext,
): Promise<IterationResult> {
  const { n, findingsWanted } = request;
  const { world, workspace, files, settings, tell } = context;
  const startMs = world.clock.monotonicMs();
  const startedAt = isoNow(context);
  makeFolder(n, context);
  const treeBefore = await findTreeBefore(request, context);
  const turns = await runTurns(await turnsRequest(request, context), world);
  const strays = await context.strays.sweep();
  if (strays > 0) tell(`iteration ${n}: ended ${strays} processes that were left behind`);
  const treeAfter = await workspace.snapshot();
  const diff = await describeChange({ treeBefore, treeAfter, n }, context);
  const tampered = await findTampered(context);
  const { folder } = workspace;
  const judging = { n, loopDir: files.loopDir, folder };
  const judged = await runValidators(settings.validators, judging, world);
  for (const judgement of judged) noteJudgement(n, judgement, context);
  const validators = judged.map(judgementOf);
  const findings = findingsWanted ? await keepFindings(n, turns, context) : undefined;
  const first = validators.find(({ outcome }) => outcome !== 'passed') ?? validators[0];
  const message = workingTurn(turns)?.message ?? null;
  const iteration: Iteration = {
    n,
    startedAt,
    summary: message === null ? null : summaryOf(message),
    validatorExitCode: first?.exitCode ?? null,
    validatorLogPath: first?.logPath ? fromRoot(first.logPath, context) : null,
    diffSummary: diff === null ? null : diff.stat,
    completedAt: isoNow(context),
    durationMs: Math.round(world.clock.monotonicMs() - startMs),
    completed: turns.every(({ outcome }) => outcome === 'completed'),
    turns,
    validators,
    treeBefore,
    treeAfter,
    diff,
    // A validator that changes what it is made of is as suspicious as an agent that does.
    tampered: [...new Set([...tampered, ...(await findTampered(context))])].sort(),
    findings: findings?.findings.length ?? 0,
    strays,
  };
  return { iteration, findings };
}

/** Empty: an earlier turn may have put something there. */
function makeFolder(n: number, { files, world }: IterationContext): void {
  const place = { fs: world.fs, loopDir: files.loopDir };
  clearPlace(files.iterationDir(n), place);
  holdFolder(files.iterationDir(n), place);
}

/** Where nobody has judged in between, it is what the iteration before left. */
async function findTreeBefore(
  { earlier, wasInterrupted }: IterationRequest,
  { workspace, settings }: IterationContext,
): Promise<string | null> {
  const known = earlier.at(-1)?.treeAfter ?? null;
  const isKnown = known !== null && settings.validators.length === 0 && !wasInterrupted;
  return isKnown ? known : workspace.snapshot();
}

async function turnsRequest(
  { n, earlier, wasInterrupted, findingsWanted }: IterationRequest,
  { settings, workspace, files, lessons, tell, onFile }: IterationContext,
): Promise<TurnsRequest> {
  const previous = earlier.at(-1);
  const startTree = earlier[0]?.treeBefore ?? null;
  return {
    n,
    settings,
    folder: workspace.folder,
    files,
    parts: {
      goal: settings.goal,
      n,
      maxIterations: settings.limits.maxIterations,
      previous,
      history: earlier,
      diffSummary: n === 1 ? null : await describeSince(startTree, workspace),
      lessons,
      subagents: settings.subagents,
      wasInterrupted,
      protectedFiles: settings.protect,
      findingsWanted,
    },
    criticism: previous?.turns.find(({ role }) => role === 'critic')?.message ?? undefined,
    usedBefore: usageOf(earlier),
    onFile,
    onTurnEnd: (turn) => {
      tell(`iteration ${n}: ${describeTurn(turn, settings)}`);
    },
    onTurn: (role) => {
      const who = role === 'agent' ? settings.agent.name : `${settings.agent.name} as ${role}`;
      tell(`iteration ${n}: ${who} works`);
    },
  };
}

/** Snapshots belong to no commit: an agent that cleans up the repository throws them away. */
async function describeSince(tree: string | null, workspace: Workspace): Promise<string | null> {
  try {
    return await workspace.describe(tree);
  } catch {
    return null;
  }
}

/** What all turns of some iterations used. */
export function usageOf(iterations: readonly Iteration[]): Usage {
  const turns = iterations.flatMap((iteration) => iteration.turns);
  return turns.reduce((sum, turn) => addUsage(sum, turn.usage), noUsage);
}

async function describeChange(
  { treeBefore, treeAfter, n }: Pick<Iteration, 'n' | 'treeAfter' | 'treeBefore'>,
  { workspace, files, world, tell, onFile }: IterationContext,
): Promise<Iteration['diff']> {
  if (treeBefore === null || treeAfter === null) return null;
  if (treeBefore === treeAfter) return { ...noDifference, patchPath: null, patchSha256: null };
  const path = files.patchPath(n);
  try {
    const difference = await workspace.compare(treeBefore, treeAfter);
    clearPlace(path, { fs: world.fs, loopDir: files.loopDir });
    const { bytes, sha256 } = await workspace.writePatch(treeBefore, treeAfter, path);
    onFile({ path, bytes, sha256 });
    return { ...difference, patchPath: fromLoop(path, files), patchSha256: sha256 };
  } catch (error) {
    // Nothing that the agent does to the repository is a reason to judge it otherwise.
    tell(`iteration ${n}: what changed cannot be told: ${messageOf(error)}`);
    return null;
  }
}

const noDifference = { files: 0, insertions: 0, deletions: 0, paths: [], stat: '' } as const;

async function findTampered(context: IterationContext): Promise<readonly string[]> {
  const { settings, workspace, protectedBefore, ignoredPaths, world } = context;
  const { protect: globs, validators } = settings;
  const request = { root: workspace.folder, globs, validators, ignoredPaths };
  return changedProtected(protectedBefore, await hashProtected(request, world.fs));
}

/** Findings are what the agent says: they judge nothing, and what is none costs nothing. */
async function keepFindings(
  n: number,
  turns: readonly Turn[],
  { files, workspace, world, tell, onFile }: IterationContext,
): Promise<Findings | undefined> {
  const message = workingTurn(turns)?.message ?? null;
  if (message === null) return undefined;
  const read = readFindings(message, { root: workspace.folder });
  if (!read.ok) {
    tell(`iteration ${n}: no findings: ${read.error}`);
    return undefined;
  }
  const { notes, ...findings } = read.value;
  for (const note of notes) tell(`iteration ${n}: ${note}`);
  const path = files.iterationFindingsPath(n);
  const { loopDir } = files;
  onFile(await writeOwnJson(path, findings, { ...world, loopDir }));
  return findings;
}

function noteJudgement(
  n: number,
  judgement: RecordedJudgement,
  { files, tell, onFile }: IterationContext,
): void {
  const { log, logPath } = judgement;
  if (log !== null && logPath !== null) onFile({ path: `${files.loopDir}/${logPath}`, ...log });
  tell(`iteration ${n}: ${describeJudgement(judgement)}`);
}

/** What is said of the log is told; its digest is in the record of the files. */
function judgementOf(recorded: RecordedJudgement): Judgement {
  const { name, command, outcome, exitCode, durationMs, logPath, fingerprint, tail } = recorded;
  return { name, command, outcome, exitCode, durationMs, logPath, fingerprint, tail };
}

function describeTurn(turn: Turn, { agent }: LoopSettings): string {
  const { role, outcome, reason, durationMs, usage, denials } = turn;
  const who = role === 'agent' ? agent.name : role;
  const tokens = usage.inputTokens + usage.outputTokens;
  return [
    `${who} ${outcome} after ${(durationMs / 1000).toFixed(1)} s`,
    ...(tokens > 0 ? [`${tokens} tokens`] : []),
    ...(denials.length > 0 ? [`kept from ${denials.length} things`] : []),
    ...(reason === null ? [] : [reason]),
  ].join(', ');
}

function describeJudgement(judgement: RecordedJudgement): string {
  const { command, outcome, exitCode, durationMs, notes } = judgement;
  const code = outcome === 'passed' || exitCode === null ? '' : ` (exit ${exitCode})`;
  const took = `${command}: ${outcome}${code} after ${(durationMs / 1000).toFixed(1)} s`;
  return [took, ...notes].join('; ');
}

function fromRoot(loopPath: string, { root, files }: IterationContext): string {
  const folder = relative(root, files.loopDir).split(sep).join('/');
  return `${folder}/${loopPath}`;
}

function isoNow({ world }: IterationContext): string {
  return new Date(world.clock.nowMs()).toISOString();
}
