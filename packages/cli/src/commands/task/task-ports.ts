import type { GatePorts } from '@codex-orchestrator/gates';

import type { CommandContext } from '../../command.js';
import { usageError } from '../../errors.js';
import { createRunJudge } from '../../gates/judge-run.js';
import { findWorkspace } from '../../workspace.js';
import type { Workspace } from '../../workspace.js';

/** What the commands of tasks see of this repository. */
export interface TaskPorts {
  readonly workspace: Workspace;
  readonly ports: GatePorts;
}

export async function openTaskPorts({ io }: Pick<CommandContext, 'io'>): Promise<TaskPorts> {
  const { openGatePorts } = await import('../../gates-library.js');
  const workspace = findWorkspace(io);
  const { root, runsDir, outDir } = workspace;
  const judgeRun = createRunJudge(workspace);
  const world = { clock: io.clock, environment: {} };
  return { workspace, ports: openGatePorts({ root, runsDir, outDir, judgeRun, ...world }) };
}

/** An argument that a command does not do without. @throws CliError `USAGE` */
export function required(value: string | undefined, what: string): string {
  if (value === undefined || value === '') throw usageError(`Expected ${what}`);
  return value;
}
