import { nodeFileSystem, readString } from '@codex-orchestrator/core';
import { runCommand } from '@codex-orchestrator/exec';
import type { Detection } from '@codex-orchestrator/rlm';

import type { Check } from '../doctor-checks.js';
import type { Io } from '../io.js';
import { printableLine } from '../render/printable.js';
import type { Workspace } from '../workspace.js';

/** Nobody waits longer for a number. */
const versionLimitMs = 3000;

/** What agent loops need here: agents, and a command that judges their work. Nothing else needs either. */
export async function checkAgentLoop({ root }: Pick<Workspace, 'root'>, io: Io): Promise<Check[]> {
  const { detectValidators, findAgents } = await import('../loop-library.js');
  const found = findAgents(io.env);
  const agents = await Promise.all(
    found.map(async ({ name, path }) => ({ name, version: await versionOf(path, io) })),
  );
  return [describeAgents(agents, io), describeDetection(detectValidators(root, nodeFileSystem))];
}

interface InstalledAgent {
  readonly name: string;
  readonly version: string | undefined;
}

function describeAgents(agents: readonly InstalledAgent[], { env }: Io): Check {
  const id = 'agents';
  const template = readString(env, 'RLM_AGENT_COMMAND', undefined);
  const wanted = template === undefined ? readString(env, 'RLM_AGENT', undefined) : 'command';
  const used = wanted ?? agents[0]?.name;
  if (used === undefined) {
    const hint = 'Install one of codex, claude, gemini, qwen, opencode, or set RLM_AGENT_COMMAND';
    return { id, status: 'warning', message: 'no agent on the PATH; `rlm` needs one', hint };
  }
  const names = agents.map(({ name, version = 'of unknown version' }) => `${name} ${version}`);
  const by = wanted === undefined ? '' : ' by the environment';
  const message = [`${printableLine(used, 40)} is used${by}`, ...names].join('; ');
  const isThere = used === 'command' || agents.some(({ name }) => name === used);
  return isThere
    ? { id, status: 'ok', message }
    : { id, status: 'warning', message: `${message}; it is not on the PATH` };
}

function describeDetection(detection: Detection): Check {
  const id = 'validators';
  const status = 'ok';
  const hint = 'Choose with --validator or RLM_VALIDATOR; with `none` nobody judges';
  switch (detection.kind) {
    case 'found':
      return { id, status, message: `${detection.command} (${detection.reason})` };
    case 'missing':
      return { id, status, message: 'found no command that judges the work of an agent', hint };
    case 'ambiguous': {
      const commands = detection.candidates.map(({ command }) => command);
      return { id, status, message: `several: ${commands.join(', ')}`, hint };
    }
  }
}

/** What the program prints first of its version; undefined unless it does so in time. */
async function versionOf(path: string, { env, cwd, clock }: Io): Promise<string | undefined> {
  const options = { env, cwd, clock, timeoutMs: versionLimitMs };
  const { outcome, stdout } = await runCommand([path, '--version'], options);
  if (outcome.kind !== 'exited' || outcome.exitCode !== 0) return undefined;
  const line = printableLine(stdout.text.trim().split('\n')[0] ?? '', 60);
  return line === '' ? undefined : line;
}
