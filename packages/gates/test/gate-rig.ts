import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';

import { nodeFileSystem, systemClock, systemRandom } from '@codex-orchestrator/core';
import { createGit } from '@codex-orchestrator/exec';
import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';

import type { GatePorts } from '../src/gate/gate-ports.js';
import type { GateResult } from '../src/gate/gate-result.js';
import type { Gate } from '../src/gate/gate.js';

/** A folder that gates are run on, a repository of git with the branch `main` unless said otherwise. */
export interface GateRig extends AsyncDisposable {
  /** Absolute, symlink-free path of the folder. */
  readonly root: string;
  readonly rig: Rig;
  /** Writes one file by its relative path; folders are made as needed. */
  write(path: string, content: string | Uint8Array): Promise<void>;
  /** Removes a file or a folder by its relative path. */
  remove(path: string): void;
  /** Runs git in the folder and returns what it printed, without the last line break; throws where git fails. */
  git(...args: readonly string[]): string;
  /** Commits everything in the folder and returns the commit's id. */
  commit(message: string): string;
  /** Ports on the real git, disk and clock; what asks others throws unless it is overridden. */
  ports(overrides?: Partial<GatePorts>): GatePorts;
  run(gate: Gate, overrides?: Partial<GatePorts>): Promise<GateResult>;
}

export interface GateRigOptions {
  /** @default true */
  readonly git?: boolean;
}

export async function createGateRig({ git = true }: GateRigOptions = {}): Promise<GateRig> {
  const rig = await createRig('gate-');
  const { root } = rig;
  const ask = (...args: readonly string[]): string => runGit(root, args);
  const ports = (overrides?: Partial<GatePorts>): GatePorts => createPorts(root, overrides);
  if (git) ask('init', '-q', '-b', 'main');
  return {
    root,
    rig,
    write: (path, content) => rig.write({ [path]: content }),
    remove: (path) => {
      rmSync(rig.path(path), { recursive: true });
    },
    git: ask,
    commit: (message) => {
      ask('add', '-A');
      ask('commit', '-q', '--allow-empty', '-m', message);
      return ask('rev-parse', 'HEAD');
    },
    ports,
    run: (gate, overrides) => gate(ports(overrides)),
    [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose](),
  };
}

/** What a gate and its git are started with: nothing of whoever runs the tests. */
export function rigEnvironment(root: string): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: root,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
  };
}

function createPorts(root: string, overrides: Partial<GatePorts> = {}): GatePorts {
  const signal = overrides.signal ?? new AbortController().signal;
  const folder = overrides.root ?? root;
  const environment = rigEnvironment(root);
  return {
    root,
    runsDir: `${folder}/.runs`,
    outDir: `${folder}/out`,
    environment,
    taskId: undefined,
    settings: {},
    options: {},
    git: createGit({ folder, environment, signal }),
    signal,
    fs: nodeFileSystem,
    clock: systemClock,
    random: systemRandom,
    pipelineIds: () => [],
    judgeRun: () => Promise.reject(new Error('judgeRun: not expected')),
    checkInstructions: () => {
      throw new Error('checkInstructions: not expected');
    },
    review: () => Promise.reject(new Error('review: not expected')),
    tell: () => undefined,
    ...overrides,
  };
}

function runGit(root: string, args: readonly string[]): string {
  const identity = ['-c', 'user.name=Rig', '-c', 'user.email=rig@example.invalid'];
  const settings = [...identity, '-c', 'commit.gpgSign=false', '-c', 'gc.auto=0'];
  const date = '2026-01-02T03:04:05Z';
  return execFileSync('git', [...settings, ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { ...rigEnvironment(root), GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
  }).replace(/\n$/, '');
}
