import { execFileSync } from 'node:child_process';
import { relative } from 'node:path';

import { nodeFileSystem, systemClock, systemRandom } from '@codex-orchestrator/core';
import { runCommand } from '@codex-orchestrator/exec';
import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';

import { iterationFacts, parseHistory, startFacts } from '../../src/index.js';
import type {
  Iteration,
  JsonObject,
  LoopHistory,
  LoopPorts,
  LoopSettings,
  LoopStart,
} from '../../src/index.js';

/** A repository in a temp folder, and the ports of a loop in it. */
export interface LoopRig extends AsyncDisposable {
  readonly rig: Rig;
  readonly root: string;
  readonly told: string[];
  /** What the loop recorded, as the journal has it. */
  readonly recorded: { start: JsonObject | undefined; iterations: JsonObject[]; files: string[] };
  ports(more?: Partial<LoopPorts>): LoopPorts;
  /** What a resumed loop is given: the recorded facts, read back. */
  history(): LoopHistory;
  git(...argv: string[]): string;
  readState(): Promise<Record<string, unknown>>;
}

const gitEnvironment = {
  ...process.env,
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@localhost',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@localhost',
  GIT_CONFIG_GLOBAL: '/dev/null',
};

export async function createLoopRig(
  files: Record<string, string>,
  { isGit = true }: { readonly isGit?: boolean } = {},
): Promise<LoopRig> {
  const rig = await createRig('loop-');
  const root = rig.path('repository');
  await rig.write(
    Object.fromEntries(Object.entries(files).map(([path, text]) => [`repository/${path}`, text])),
  );
  const git = (...argv: string[]): string =>
    execFileSync('git', argv, { cwd: root, env: gitEnvironment, encoding: 'utf8' });
  if (isGit) {
    git('init', '--quiet', '--initial-branch=main');
    git('add', '--all');
    git('commit', '--quiet', '--message', 'start');
  }
  const recorded: LoopRig['recorded'] = { start: undefined, iterations: [], files: [] };
  const told: string[] = [];
  const loopDir = rig.path('run', 'rlm');
  return {
    rig,
    root,
    told,
    recorded,
    git,
    ports: (more = {}) => ({
      root,
      loopDir,
      scratchDir: rig.path('scratch'),
      worktreeDir: rig.path('worktree'),
      branch: 'rlm/test',
      ignoredPaths: ['.runs'],
      lessons: [],
      environment: environment(),
      signal: new AbortController().signal,
      redact: (text) => text,
      fs: nodeFileSystem,
      clock: systemClock,
      random: systemRandom,
      runProcess: (command, { onRawOutput, onOutput, ...options }) =>
        runCommand(command, {
          ...options,
          onOutput: (output) => {
            onRawOutput?.(output);
            onOutput?.(output);
          },
        }),
      begin: (start: LoopStart) => {
        recorded.start = startFacts(start);
      },
      iterated: (iteration: Iteration, paths) => {
        recorded.iterations.push(iterationFacts(iteration));
        recorded.files.push(...paths.map(({ path }) => relative(loopDir, path)));
        return Promise.resolve();
      },
      tell: (line) => told.push(line),
      ...more,
    }),
    history: () => parseHistory({ settings: recorded.start, iterations: recorded.iterations }),
    readState: async () => (await rig.readJson('run/rlm/state.json')) as Record<string, unknown>,
    [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose](),
  };
}

/** An agent that is a line for the shell; it finds its iteration in `$N`. */
export function shellAgent(script: string): LoopSettings['agent'] {
  const template = `N=$(sed -n 's/^ITERATION: //p' {prompt_file} | head -n 1); ${script}`;
  return { name: 'command', args: [], template };
}

export function settingsOf(more: Partial<LoopSettings> = {}): LoopSettings {
  return {
    goal: 'Make the answer 42',
    agent: shellAgent('true'),
    validators: [
      {
        name: 'check',
        command: 'echo "answer is $(cat answer)"; test "$(cat answer)" = 42',
        timeoutMs: 10_000,
      },
    ],
    roles: 'single',
    subagents: false,
    isolation: 'none',
    protect: [],
    onTamper: 'report',
    stallAfter: 3,
    ...more,
    limits: {
      maxIterations: 5,
      maxMinutes: null,
      turnTimeoutMs: 20_000,
      silenceTimeoutMs: null,
      maxCostUsd: null,
      maxTokens: null,
      maxConsecutiveErrors: 3,
      maxOutputBytes: 1_000_000,
      ...more.limits,
    },
  };
}

function environment(): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent' };
}
