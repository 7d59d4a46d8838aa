import type { Plan } from './plan.js';
import { planItemId } from './plan.js';
import { resolveRetries } from './retry-policy.js';
import { displayCommand } from './display-command.js';

export interface PlanCommandOptions {
  /** Folder to run in; any folder, relative to the root. @default the root */
  readonly cwd?: string;
  readonly timeoutMs?: number;
  readonly silenceTimeoutMs?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** The plan of a single command: the pseudo pipeline `exec` with the one stage `exec`. */
export function planCommand(
  command: string | readonly [string, ...string[]],
  options: PlanCommandOptions = {},
): Plan {
  return {
    pipeline: {
      id: 'exec',
      title: 'CLI Exec Command',
      description: undefined,
      tags: [],
      source: undefined,
      guardrailsRequired: false,
      metadata: {},
    },
    stages: [
      {
        kind: 'command',
        index: 1,
        id: 'exec',
        title: `Execute ${displayCommand(command)}`,
        needs: [],
        hints: {
          runnable: true,
          defaultTarget: false,
          aliases: [],
          executionMode: undefined,
          requiresCloud: false,
        },
        command,
        workingFolder: { kind: 'anywhere', path: options.cwd ?? '.' },
        env: options.env ?? {},
        allowFailure: false,
        summaryHint: undefined,
        timeoutMs: options.timeoutMs,
        silenceTimeoutMs: options.silenceTimeoutMs,
        retries: resolveRetries(undefined),
        inputs: [],
      },
    ],
    order: 'sequence',
    maxParallel: undefined,
    deadlineMs: undefined,
    targetId: planItemId('exec', 'exec'),
    totalStages: 1,
  };
}
