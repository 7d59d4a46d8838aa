import { runTurn } from '../agent/run-turn.js';
import type { Usage } from '../agent/agent.js';
import type { Turn, TurnRole } from '../agent/turn.js';
import { addUsage } from '../decide/add-usage.js';
import { buildPrompt } from '../prompt/build-prompt.js';
import type { PromptParts } from '../prompt/build-prompt.js';
import type { LoopSettings } from '../settings/loop-settings.js';
import type { LoopFiles } from './loop-files.js';
import type { EvidenceFile } from './own-place.js';
import type { WorldPorts } from './ports.js';

export interface TurnsRequest {
  readonly n: number;
  readonly settings: LoopSettings;
  /** Where the agent works. */
  readonly folder: string;
  readonly files: LoopFiles;
  /** What the prompts of all roles are made from. */
  readonly parts: Omit<PromptParts, 'criticism' | 'plan' | 'role'>;
  /** What the critic of the iteration before said. */
  readonly criticism: string | undefined;
  readonly usedBefore: Usage;
  /** Told of each turn as it begins. */
  readonly onTurn: (role: TurnRole) => void;
  /** Told of each turn as it has ended. */
  readonly onTurnEnd: (turn: Turn) => void;
  /** Told of each file that a turn leaves. */
  readonly onFile: (file: EvidenceFile) => void;
}

/** Who changes files: what the others say only helps. */
export function workingTurn(turns: readonly Turn[]): Turn | undefined {
  return turns.find(({ role }) => role === 'agent' || role === 'worker');
}

/**
 * The turns of one iteration: one agent, or a planner, a worker with its plan, and a critic of what came
 * of it. The first one that does not complete is the last.
 */
export async function runTurns(request: TurnsRequest, world: WorldPorts): Promise<Turn[]> {
  const roles: TurnRole[] =
    request.settings.roles === 'single' ? ['agent'] : ['planner', 'worker', 'critic'];
  const turns: Turn[] = [];
  for (const role of roles) {
    request.onTurn(role);
    const turn = await takeTurn(role, turns, { request, world });
    turns.push(turn);
    request.onTurnEnd(turn);
    if (turn.outcome !== 'completed') break;
  }
  return turns;
}

async function takeTurn(
  role: TurnRole,
  turns: readonly Turn[],
  { request, world }: { readonly request: TurnsRequest; readonly world: WorldPorts },
): Promise<Turn> {
  const { n, settings, folder, files, parts, criticism, usedBefore } = request;
  const plan = turns.find((turn) => turn.role === 'planner')?.message ?? undefined;
  const prompt = buildPrompt({
    ...parts,
    role,
    ...(plan === undefined ? {} : { plan }),
    ...(criticism === undefined ? {} : { criticism }),
  });
  const used = turns.reduce((sum, turn) => addUsage(sum, turn.usage), usedBefore);
  const { maxTokens, maxCostUsd, turnTimeoutMs, silenceTimeoutMs, maxOutputBytes } =
    settings.limits;
  const turnFiles = files.turnFiles(n, role);
  return runTurn(
    settings.agent,
    {
      role,
      cwd: folder,
      prompt,
      promptPath: turnFiles.prompt,
      readOnly: role === 'planner' || role === 'critic',
    },
    {
      ...world,
      loopDir: files.loopDir,
      files: turnFiles,
      onFile: request.onFile,
      limits: { turnTimeoutMs, silenceTimeoutMs, maxOutputBytes },
      allowance: {
        tokens: maxTokens === null ? null : maxTokens - used.inputTokens - used.outputTokens,
        costUsd: maxCostUsd === null ? null : maxCostUsd - used.costUsd,
      },
    },
  );
}
