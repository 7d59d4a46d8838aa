import { messageOf } from '@codex-orchestrator/core';

import type { Usage } from '../agent/agent.js';
import { bestIteration } from '../decide/best-iteration.js';
import { decide, decideBefore } from '../decide/decide.js';
import { findLimit } from '../decide/find-limit.js';
import { verdictOf } from '../decide/verdict-of.js';
import type { Verdict } from '../decide/verdict.js';
import { wantsFindings } from '../findings/wants-findings.js';
import type { LoopSettings } from '../settings/loop-settings.js';
import { hashProtected } from '../validator/protected-files.js';
import type { ProtectedFiles } from '../validator/protected-files.js';
import { removeTree } from '../workspace/file-tree.js';
import { openWorkspace } from '../workspace/open-workspace.js';
import type { Workspace } from '../workspace/workspace.js';
import { armDeadline } from './deadline.js';
import { FindingsKeeper } from './findings-keeper.js';
import type { Iteration } from './iteration.js';
import { writeOwnJson } from './own-place.js';
import type { EvidenceFile } from './own-place.js';
import { createLoopFiles } from './loop-files.js';
import type { LoopFiles } from './loop-files.js';
import type { LoopOutcome, LoopPorts, LoopStart } from './loop-ports.js';
import { resolvePorts } from './resolve-ports.js';
import type { RunLoopOptions } from './resolve-ports.js';
import { runIteration, usageOf } from './run-iteration.js';
import type { IterationContext } from './run-iteration.js';
import { describeState } from './state.js';
import { loopVariable, StraySweeper } from './stray-sweeper.js';
import { keepResult } from './keep-result.js';
import type { KeptResult } from './keep-result.js';

/**
 * Runs iterations until something decides: all validators pass, or a limit is reached, or nothing moves
 * any more, or somebody has to be asked. It ends with a verdict whatever agents and validators do; it
 * rejects only where its own record is refused.
 *
 * Each iteration is recorded before the next one begins. Killed at any moment, the loop goes on from its
 * recorded iterations; what the unfinished one left in the files of the repository stays there, except in
 * a worktree, which is put back to where the last recorded iteration left it.
 */
export async function runLoop(
  settings: LoopSettings,
  options: RunLoopOptions,
): Promise<LoopOutcome> {
  const given = resolvePorts(options);
  const files = createLoopFiles(given.loopDir);
  const environment = { ...given.environment, [loopVariable]: files.loopDir };
  const ports = { ...given, environment };
  ports.fs.mkdir(files.loopDir, { recursive: true });
  const earlier = ports.history?.iterations ?? [];
  const strays = new StraySweeper(files.loopDir, ports.clock);
  using deadline = armDeadline(settings.limits.maxMinutes, activeMsOf(earlier), ports);
  const workspace = await openWorkspaceOf(settings, ports);
  try {
    const start = await describeStart(settings, { workspace, ports });
    ports.begin(start);
    const loop = new Loop({ settings, ports, files, workspace, strays, start });
    return await loop.run(deadline.signal);
  } finally {
    await closeWorkspace(workspace, ports);
    await strays.sweep();
    // With a worktree it says which branch is the loop's own, should the loop be resumed.
    if (settings.isolation === 'none') removeTree(ports.fs, ports.scratchDir);
  }
}

/** What an agent left in it need not let itself be removed; the verdict stands all the same. */
async function closeWorkspace(workspace: Workspace, { tell }: LoopPorts): Promise<void> {
  try {
    await workspace.close();
  } catch (error) {
    tell(`The worktree could not be removed: ${messageOf(error)}`);
  }
}

interface LoopParts {
  readonly settings: LoopSettings;
  readonly ports: LoopPorts;
  readonly files: LoopFiles;
  readonly workspace: Workspace;
  readonly strays: StraySweeper;
  readonly start: LoopStart;
}

/** What changes while a loop goes on. */
class Loop {
  readonly #parts: LoopParts;
  readonly #iterations: Iteration[];
  /** Files of the iteration that is under way. */
  #evidence: EvidenceFile[] = [];
  readonly #findings: FindingsKeeper;
  readonly #startMs: number;
  readonly #earlierMs: number;

  constructor(parts: LoopParts) {
    const { settings, ports, files } = parts;
    this.#parts = parts;
    this.#iterations = [...(ports.history?.iterations ?? [])];
    this.#findings = new FindingsKeeper(ports.redact(settings.goal), { files, ports });
    this.#startMs = ports.clock.monotonicMs();
    this.#earlierMs = activeMsOf(this.#iterations);
  }

  async run(signal: AbortSignal): Promise<LoopOutcome> {
    const { ports, settings, workspace } = this.#parts;
    await this.#writeState(undefined, workspace.branch);
    const verdict = await this.#iterate(signal);
    const changes = await this.#describeChange(verdict);
    const result = await this.#keepResult(verdict);
    const findings = await this.#findings.write();
    const state = await this.#writeState(verdict, result.branch);
    const notes = [
      ...workspace.notes,
      ...describeTampering(this.#iterations),
      ...changes,
      ...describeUnknownCost(settings, usageOf(this.#iterations)),
      ...result.notes,
    ];
    for (const note of notes) ports.tell(note);
    ports.tell(`${verdict.status}: ${verdict.reason}`);
    return {
      verdict,
      agent: settings.agent.name,
      iterations: this.#iterations,
      best: this.#best(),
      usage: usageOf(this.#iterations),
      findings: findings.count,
      branch: result.branch,
      notes,
      files: [...state, ...findings.files, ...result.files],
    };
  }

  async #iterate(signal: AbortSignal): Promise<Verdict> {
    let verdict = await this.#decideBefore(signal);
    while (verdict === undefined) {
      const n = this.#iterations.length + 1;
      let iteration: Iteration;
      try {
        iteration = await this.#runIteration(n, signal);
      } catch (error) {
        const failure = `iteration ${n} could not be carried out: ${messageOf(error)}`;
        return verdictOf(this.#parts.ports.signal.aborted ? 'cancelled' : 'error', failure);
      }
      // What somebody cancelled is no try: a loop that goes on later begins it again.
      if (this.#parts.ports.signal.aborted) return verdictOf('cancelled', 'it was cancelled');
      this.#iterations.push(iteration);
      await this.#record(iteration);
      forgetTexts(this.#iterations);
      verdict = decide(this.#facts(signal));
    }
    return verdict;
  }

  /** What passed before the loop was resumed may be another content than that which lies there now. */
  async #decideBefore(signal: AbortSignal): Promise<Verdict | undefined> {
    const verdict = decideBefore(this.#facts(signal));
    if (verdict?.status !== 'passed' || (await this.#findChange()) === undefined) return verdict;
    this.#parts.ports.tell('what passed has changed since: it does not count');
    return findLimit(this.#facts(signal));
  }

  /** What is other than the last iteration left it, as far as that can be told; undefined for nothing. */
  async #findChange(): Promise<readonly string[] | undefined> {
    const { workspace } = this.#parts;
    const left = this.#iterations.at(-1)?.treeAfter ?? null;
    const now = left === null ? null : await workspace.snapshot();
    if (left === null || now === null || left === now) return undefined;
    const difference = await workspace.compare(left, now).catch(() => undefined);
    return difference?.paths ?? [];
  }

  /** Validators may change files themselves, and what a test has started may do so after them. */
  async #describeChange({ status }: Verdict): Promise<string[]> {
    if (status !== 'passed') return [];
    await this.#parts.strays.sweep();
    const paths = await this.#findChange();
    if (paths === undefined) return [];
    const shown = paths.slice(0, 5).join(', ') + (paths.length > 5 ? ' and more' : '');
    return [`Files changed after the agent's last turn, in part after they were judged: ${shown}.`];
  }

  async #runIteration(n: number, signal: AbortSignal): Promise<Iteration> {
    const { ports, settings } = this.#parts;
    this.#evidence = [];
    const { iteration, findings } = await runIteration(
      {
        n,
        earlier: this.#iterations,
        wasInterrupted: n === (ports.history?.iterations.length ?? -1) + 1,
        findingsWanted: wantsFindings(settings.goal),
      },
      this.#context(signal),
    );
    if (findings) this.#findings.add(findings);
    return iteration;
  }

  #context(signal: AbortSignal): IterationContext {
    const { settings, ports, files, workspace, strays, start } = this.#parts;
    const world = { ...ports, signal };
    const protectedBefore = start.protectedFiles;
    const onFile = (file: EvidenceFile): void => {
      this.#evidence.push(file);
    };
    return { ...ports, settings, files, workspace, strays, protectedBefore, world, onFile };
  }

  #facts(signal: AbortSignal): Parameters<typeof decide>[0] {
    const { settings, ports } = this.#parts;
    return {
      settings,
      iterations: this.#iterations,
      usage: usageOf(this.#iterations),
      activeMs: this.#earlierMs + ports.clock.monotonicMs() - this.#startMs,
      stopped: ports.signal.aborted ? 'cancelled' : signal.aborted ? 'max_minutes' : undefined,
      earlierIterations: ports.history?.iterations.length ?? 0,
    };
  }

  /** The journal first: it is the truth, and the state is made from it. */
  async #record(iteration: Iteration): Promise<void> {
    await this.#parts.ports.iterated(iteration, this.#evidence);
    await this.#writeState(undefined, this.#parts.workspace.branch);
  }

  /** A state that cannot be written is told and no verdict: whoever reads it can read the journal. */
  async #writeState(verdict: Verdict | undefined, branch: string | null): Promise<EvidenceFile[]> {
    const { settings, ports, files, start } = this.#parts;
    const iterations = this.#iterations;
    const state = describeState({
      settings,
      iterations,
      usage: usageOf(iterations),
      best: this.#best(),
      startTree: start.startTree,
      branch,
      verdict,
      redact: ports.redact,
    });
    try {
      return [await writeOwnJson(files.statePath, state, ports)];
    } catch (error) {
      ports.tell(messageOf(error));
      return [];
    }
  }

  /** Where tampering is refused, what came of it is no result. */
  #best(): number | null {
    const { onTamper } = this.#parts.settings;
    const fair = this.#iterations.filter(
      ({ tampered }) => onTamper === 'report' || tampered.length === 0,
    );
    return bestIteration(fair);
  }

  async #keepResult(verdict: Verdict): Promise<KeptResult> {
    const { workspace, start, files, settings, ports } = this.#parts;
    const best = verdict.status === 'passed' ? undefined : this.#best();
    const kept = best === undefined ? this.#iterations.at(-1) : this.#iterations[(best ?? 0) - 1];
    return keepResult({
      workspace,
      startTree: start.startTree,
      kept,
      last: this.#iterations.at(-1),
      patchPath: files.resultPatchPath,
      message: `${ports.redact(settings.goal).slice(0, 200)}\n\n${verdict.status}: ${verdict.reason}\n`,
      ports,
    });
  }
}

function openWorkspaceOf(settings: LoopSettings, ports: LoopPorts): Promise<Workspace> {
  const { root, scratchDir, worktreeDir, branch, ignoredPaths, history } = ports;
  // What the agent did is looked at even where the loop has been stopped.
  const world = { ...ports, signal: new AbortController().signal };
  return openWorkspace(
    {
      root,
      isolation: settings.isolation,
      scratchDir,
      worktreeDir,
      branch,
      ignoredPaths,
      resumeTree: history?.iterations.at(-1)?.treeAfter ?? history?.start.startTree ?? null,
    },
    world,
  );
}

/** What a loop began with stays what it is held against, also where it goes on after a crash. */
async function describeStart(
  settings: LoopSettings,
  { workspace, ports }: { readonly workspace: Workspace; readonly ports: LoopPorts },
): Promise<LoopStart> {
  if (ports.history) return { ...ports.history.start, settings };
  return {
    settings,
    startTree: await workspace.snapshot(),
    protectedFiles: await protect(settings, { workspace, ports }),
  };
}

function protect(
  { protect: globs, validators }: LoopSettings,
  { workspace, ports }: { readonly workspace: Workspace; readonly ports: LoopPorts },
): Promise<ProtectedFiles> {
  const { fs, ignoredPaths } = ports;
  return hashProtected({ root: workspace.folder, globs, validators, ignoredPaths }, fs);
}

/** Only what the latest iterations said is looked at again: a loop may have thousands of them. */
function forgetTexts(iterations: Iteration[]): void {
  const at = iterations.length - 4;
  const old = iterations[at];
  if (old === undefined) return;
  iterations[at] = {
    ...old,
    turns: old.turns.map((turn) => ({ ...turn, message: null })),
    validators: old.validators.map((judgement) => ({ ...judgement, tail: '' })),
  };
}

/** Where tampering is not refused, whoever reads the verdict has to know of it. */
function describeTampering(iterations: readonly Iteration[]): string[] {
  const paths = [...new Set(iterations.flatMap(({ tampered }) => tampered))].sort();
  if (paths.length === 0) return [];
  const shown = paths.slice(0, 10).join(', ');
  const more = paths.length > 10 ? ` and ${paths.length - 10} more` : '';
  return [`What the validators go by was changed meanwhile: ${shown}${more}.`];
}

/** A limit that cannot be reached is none. */
function describeUnknownCost({ limits, agent }: LoopSettings, usage: Usage): string[] {
  const isUnknown = usage.costUsd === 0 && usage.outputTokens > 0;
  if (limits.maxCostUsd === null || !isUnknown) return [];
  return [`The limit of cost had no effect: ${agent.name} does not say what it costs.`];
}

function activeMsOf(iterations: readonly Iteration[]): number {
  return iterations.reduce((sum, { durationMs }) => sum + durationMs, 0);
}
