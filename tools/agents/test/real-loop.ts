import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { createRig } from '@codex-orchestrator/testing';

import { brokenProgram } from '../src/broken-program.mjs';
import { startModelServer } from '../src/model-server.mjs';
import { findProcesses, startProcess } from '../src/start-process.mjs';

type ServerOptions = Parameters<typeof startModelServer>[0];

/** A real agent, and how it is led to the server of canned answers. */
export interface RealAgent {
  readonly name: 'claude' | 'codex';
  readonly path: string;
  readonly surround: (folder: string, url: string) => Record<string, string>;
}

/** What one call of the command line left. */
export interface LoopEnd {
  readonly exitCode: number | null;
  readonly stderr: string;
  readonly answer: LoopAnswer;
  readonly state: LoopState;
  readonly manifest: { readonly commands: readonly { readonly loop?: object }[] };
}

interface LoopAnswer {
  readonly run_id: string;
  readonly artifact_root: string;
  readonly loop: { readonly verdict: string; readonly iterations: number };
}

interface LoopState {
  readonly final?: { readonly status: string; readonly exitCode: number };
  readonly iterations: readonly {
    readonly validatorExitCode: number | null;
    readonly completed: boolean;
    readonly agent: readonly { readonly outcome: string }[];
  }[];
}

const commandLine = join(
  dirname(fileURLToPath(import.meta.resolve('codex-orchestrator/package.json'))),
  'bin/codex-orchestrator.cjs',
);

/**
 * A repository with the broken program, in which the built command line has a real agent repair it.
 * Whatever is started here has the path of the folder in its environment.
 */
export async function openRealLoop(agent: RealAgent) {
  const rig = await createRig('loop-');
  const root = rig.path('repository');
  const files = { ...brokenProgram, '.gitignore': '.runs/\nout/\n' };
  await rig.write(
    Object.fromEntries(
      Object.entries(files).map(([name, text]) => [`repository/${name}`, text] as const),
    ),
  );
  commitAll(root);

  const start = (args: readonly string[], url: string, env: Record<string, string>) =>
    startProcess([process.execPath, commandLine, ...args, '--format', 'json'], {
      cwd: root,
      env: {
        PATH: [dirname(agent.path), dirname(process.execPath), process.env['PATH']].join(':'),
        HOME: rig.path('home'),
        RLM_AGENT: agent.name,
        ...agent.surround(rig.path('home/agent'), url),
        ...env,
      },
    });

  /** Calls `rlm`, or what is given, while a server of this kind answers. */
  const call = async (
    server: ServerOptions,
    env: Record<string, string> = {},
    args: readonly string[] = ['rlm', 'Repair sum', '--validator', 'node --test'],
  ): Promise<LoopEnd> => {
    const models = await startModelServer(server);
    try {
      const called = start(args, models.url, env);
      const { exitCode } = await called.ended;
      const answer = parseAnswer(called.stdout(), called.stderr());
      const folder = `repository/${answer.artifact_root}`;
      return {
        exitCode,
        stderr: called.stderr(),
        answer,
        state: (await rig.readJson(`${folder}/rlm/state.json`)) as LoopState,
        manifest: (await rig.readJson(`${folder}/manifest.json`)) as LoopEnd['manifest'],
      };
    } finally {
      await models.close();
    }
  };

  return {
    call,
    start,
    /** The program as the agent left it. */
    program: () => rig.read('repository/sum.mjs'),
    list: () => rig.list('repository'),
    /** What still runs of all that was started here. */
    processes: () => findProcesses(rig.root),
    [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose](),
  };
}

function parseAnswer(stdout: string, stderr: string): LoopAnswer {
  try {
    return JSON.parse(stdout) as LoopAnswer;
  } catch (error) {
    throw new Error(`No answer; it printed:\n${stdout}\n${stderr}`, { cause: error });
  }
}

function commitAll(root: string): void {
  const git = (...args: string[]): unknown => execFileSync('git', args, { cwd: root });
  git('init', '--quiet');
  git('add', '--all');
  const author = ['-c', 'user.name=Test', '-c', 'user.email=test@example.invalid'];
  git(...author, 'commit', '--quiet', '--message', 'A program with a mistake');
}
