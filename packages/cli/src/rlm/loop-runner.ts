import { isAbsolute, join, relative } from 'node:path';

import type { Artifact, LoopFacts } from '@codex-orchestrator/manifest';
import type { LoopEnd, LoopStage, RunLoop } from '@codex-orchestrator/pipeline';
import type * as Rlm from '@codex-orchestrator/rlm';
import type {
  EvidenceFile,
  LoopHistory,
  LoopOutcome,
  LoopPorts,
  LoopSettings,
  SettingsProblem,
} from '@codex-orchestrator/rlm';

import type { LoopFlags } from './loop-flags.js';
import { openWorktreesFolder } from './worktrees-folder.js';

/**
 * Runs the loop stages of a run: what the stage, the flags and the environment say becomes the settings
 * of a loop, and what the loop does becomes facts of the run's record. The loop itself is loaded when a
 * stage asks for it.
 */
export function createLoopRunner(flags: LoopFlags): RunLoop {
  return async (stage) => {
    const rlm = await import('../loop-library.js');
    const { root, fs, environment, config } = stage;
    const history = stage.history && rlm.parseHistory(stage.history);
    const loopDir = join(stage.layout.runDir, 'rlm');
    const read = rlm.readLoopSettings(
      { flags, environment, config, earlier: history?.start.settings },
      {
        installed: rlm.findAgents(environment, fs),
        detection: rlm.detectValidators(root, fs),
        redact: (text) => stage.redact(text),
      },
    );
    if (!read.ok) {
      const refused = await rlm.refuseLoop(read.error, { ...stage, loopDir });
      return endOf(refused, stage);
    }
    const settings = read.value;
    try {
      return endOf(
        await rlm.runLoop(settings, createPorts(rlm, stage, { history, settings })),
        stage,
      );
    } catch (error) {
      if (!(error instanceof rlm.RlmError) || error.code !== 'ISOLATION_UNAVAILABLE') throw error;
      const refused = await rlm.refuseLoop(isolationProblem(error), { ...stage, loopDir });
      return endOf(refused, stage);
    }
  };
}

function isolationProblem({ message }: Error): SettingsProblem {
  return {
    status: 'invalid_config',
    code: 'INVALID_CHOICE',
    name: 'isolation',
    message,
    hint: 'Commit something first, or run the loop with --isolation none',
  };
}

function createPorts(
  rlm: Pick<typeof Rlm, 'iterationFacts' | 'startFacts'>,
  stage: LoopStage,
  {
    history,
    settings,
  }: { readonly history: LoopHistory | undefined; readonly settings: LoopSettings },
): LoopPorts {
  const { layout, root, environment, signal, lessons, fs, clock, random } = stage;
  // Beside the folder of the run: what lies in it is evidence.
  const scratchDir = join(layout.taskRunsDir, `.${layout.runId}.rlm`);
  const worktreesDir = settings.isolation === 'none' ? scratchDir : openWorktreesFolder(fs);
  return {
    root,
    environment,
    signal,
    lessons,
    fs,
    clock,
    random,
    history,
    loopDir: join(layout.runDir, 'rlm'),
    scratchDir,
    worktreeDir: join(worktreesDir, layout.runId),
    branch: `rlm/${layout.runId}`,
    // Names of what lies outside of the root are absolute.
    ignoredPaths: [layout.runsDir, layout.outDir]
      .map((path) => layout.relative(path))
      .filter((name) => name !== '' && !isAbsolute(name)),
    runProcess: (command, options) => stage.run(command, options),
    redact: (text) => stage.redact(text),
    tell: (line) => {
      stage.tell(line);
    },
    begin: (start) => {
      stage.begin(rlm.startFacts(start));
    },
    iterated: (iteration, files) => {
      stage.iterated(iteration.n, rlm.iterationFacts(iteration), artifactsOf(files, stage));
      return Promise.resolve();
    },
  };
}

function endOf(outcome: LoopOutcome, stage: LoopStage): LoopEnd {
  const { verdict, notes, iterations, files } = outcome;
  const { status, exitCode, reason } = verdict;
  return {
    status: exitCode === 0 ? 'succeeded' : status === 'cancelled' ? 'cancelled' : 'failed',
    exitCode,
    verdict: status,
    summary: `${status} after ${iterations.length} iteration${iterations.length === 1 ? '' : 's'}: ${reason}`,
    notes,
    artifacts: artifactsOf(files, stage),
    facts: factsOf(outcome),
  };
}

function factsOf(outcome: LoopOutcome): LoopFacts {
  const { verdict, agent, iterations, best, usage, findings, branch } = outcome;
  const turns = iterations.flatMap((iteration) => iteration.turns);
  return {
    verdict: verdict.status,
    agent: agent ?? 'none',
    iterations: iterations.length,
    best_iteration: best,
    input_tokens: usage.inputTokens,
    cached_input_tokens: usage.cachedInputTokens,
    output_tokens: usage.outputTokens,
    cost_usd: usage.costUsd,
    tool_calls: turns.reduce((sum, { toolCalls }) => sum + toolCalls, 0),
    findings,
    branch,
  };
}

/** What the loop wrote, and not what is there by now: then it shows where somebody changed it. */
function artifactsOf(files: readonly EvidenceFile[], { layout }: LoopStage): Artifact[] {
  return files.map(({ path, bytes, sha256 }) => {
    return { path: relative(layout.runDir, path).replaceAll('\\', '/'), bytes, sha256 };
  });
}
