import { checkAgentLoop } from './doctor/check-agents.js';
import { checkConfig } from './doctor/check-config.js';
import { checkExperiences } from './doctor/check-experiences.js';
import { checkMetrics } from './doctor/check-metrics.js';
import { checkKnowledge } from './doctor/check-packs.js';
import { checkContainment, checkPrograms } from './doctor/check-programs.js';
import { checkRuns } from './doctor/check-runs.js';
import { checkRunsFolder } from './doctor/check-runs-folder.js';
import { checkSigningKey } from './doctor/check-signing-key.js';
import type { Io } from './io.js';
import { findWorkspace } from './workspace.js';
import type { Workspace } from './workspace.js';

/** One point that `doctor` looks at. */
export interface Check {
  readonly id: string;
  /** `error`: no run is possible. `warning`: runs are possible, something deserves a look. */
  readonly status: 'ok' | 'warning' | 'error';
  readonly message: string;
  /** What to do about it, when that is certain. */
  readonly hint?: string;
}

const oldestNode = [20, 19] as const;

/** Every check, in the order in which one thing needs the other. A check that breaks is an error. */
export async function runChecks(io: Io): Promise<Check[]> {
  const workspace = findWorkspace(io);
  return [
    checkNode(io.platform.node),
    ...(await checkPrograms(io)),
    await checkContainment(),
    ...(await checkAgentLoop(workspace, io)),
    checkRoot(workspace),
    checkConfig(workspace),
    checkSigningKey(io.env, workspace.root),
    checkRunsFolder(workspace.runsDir),
    ...(await checkRuns(workspace, io.clock)),
    checkMetrics(workspace, io.clock),
    checkExperiences(workspace),
    ...checkKnowledge(workspace),
  ];
}

function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const [oldestMajor, oldestMinor] = oldestNode;
  const isNewEnough = major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
  const needed = oldestNode.join('.');
  return isNewEnough
    ? { id: 'node', status: 'ok', message: version }
    : { id: 'node', status: 'error', message: `${version}, needs at least ${needed}` };
}

function checkRoot({ root, foundBy }: Workspace): Check {
  const message = foundBy === 'cwd' ? `${root} (the current folder)` : `${root} (by ${foundBy})`;
  return { id: 'root', status: 'ok', message };
}
