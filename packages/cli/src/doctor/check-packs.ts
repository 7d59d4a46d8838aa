import { checkInstructions, checkPacks } from '@codex-orchestrator/experience-store';

import type { Check } from '../doctor-checks.js';
import { countOf } from '../render/metrics-numbers.js';
import type { Workspace } from '../workspace.js';

/** What runs are given to know: whatever is wrong with it, runs do without it. */
export function checkKnowledge({ root }: Pick<Workspace, 'root'>): Check[] {
  return [checkPromptPacks(root), checkInstructionFiles(root)];
}

function checkPromptPacks(root: string): Check {
  const id = 'prompt-packs';
  const { packs, problems } = checkPacks({ root });
  if (problems.length > 0) return complain(id, problems, 'codex-orchestrator packs check');
  const message = packs.length === 0 ? 'none' : countOf(packs.length, 'prompt pack');
  return { id, status: 'ok', message };
}

function checkInstructionFiles(root: string): Check {
  const id = 'instructions';
  const { files, problems } = checkInstructions({ root });
  if (problems.length > 0) return complain(id, problems, 'codex-orchestrator instructions check');
  const used = files.filter(({ state }) => state === 'stamped').map(({ path }) => path);
  return { id, status: 'ok', message: used.length === 0 ? 'none' : used.join(', ') };
}

interface Problem {
  readonly code: string;
  readonly path: string;
}

/** Paths and what is wrong with them that are named; more of them say nothing new. */
const namedProblems = 3;

function complain(id: string, problems: readonly Problem[], hint: string): Check {
  const named = problems.slice(0, namedProblems).map(({ code, path }) => `${path}: ${code}`);
  const more = problems.length - named.length;
  const rest = more > 0 ? [`and ${countOf(more, 'more problem')}`] : [];
  return { id, status: 'warning', message: [...named, ...rest].join('; '), hint };
}
