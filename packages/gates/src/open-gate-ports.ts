import { isAbsolute, join } from 'node:path';

import { nodeFileSystem, systemClock, systemRandom } from '@codex-orchestrator/core';
import { createGit } from '@codex-orchestrator/exec';

import { GateError } from './errors.js';
import type { GatePorts } from './gate/gate-ports.js';

/** Where gates look, and any port that is to be another one than usual. */
export interface OpenGatePortsOptions extends Partial<GatePorts> {
  /** The repository root, absolute. */
  readonly root: string;
}

/**
 * Ports on the real disk, clock and git, for whoever runs gates without the command line. Settings and
 * options are empty, the environment is that of this process, runs lie in `.runs` and results in `out`
 * below the root, no pipelines are known, and nothing ends the work. Nobody is there to judge runs, to
 * check instructions or to review until that is said: a gate that asks rejects with `INVALID_OPTION`.
 *
 * @throws GateError `INVALID_OPTION` for a root that is no absolute path
 */
export function openGatePorts(options: OpenGatePortsOptions): GatePorts {
  const { root } = options;
  if (!isAbsolute(root)) {
    const message = `Expected \`root\` to be an absolute path, got ${JSON.stringify(root)}`;
    throw new GateError('INVALID_OPTION', message);
  }
  const environment = options.environment ?? definedOnly(process.env);
  const signal = options.signal ?? new AbortController().signal;
  return {
    runsDir: join(root, '.runs'),
    outDir: join(root, 'out'),
    environment,
    taskId: undefined,
    settings: {},
    options: {},
    git: createGit({ folder: root, environment, signal }),
    signal,
    fs: nodeFileSystem,
    clock: systemClock,
    random: systemRandom,
    pipelineIds: () => [],
    judgeRun: () => Promise.reject(missing('judgeRun', 'runs are held against their records')),
    checkInstructions: () => {
      throw missing('checkInstructions', 'stamps of instructions are checked');
    },
    review: () => Promise.reject(missing('review', 'somebody reviews')),
    tell: () => undefined,
    ...options,
  };
}

function missing(port: string, purpose: string): GateError {
  const message = `This gate needs the port \`${port}\`, by which ${purpose}, and nobody gave it`;
  return new GateError('INVALID_OPTION', message, {
    hint: `Give \`${port}\` to openGatePorts, or run the gate by \`codex-orchestrator gate\``,
  });
}

function definedOnly(
  variables: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const entries = Object.entries(variables).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return Object.fromEntries(entries);
}
