import { closestName } from '@codex-orchestrator/core';
import { checkPacks } from '@codex-orchestrator/experience-store';
import type { PackCheck } from '@codex-orchestrator/experience-store';

import type { RunCommand } from '../../command.js';
import { usageError } from '../../errors.js';
import { exitCodes } from '../../exit-codes.js';
import type { packsCheckGrammar } from '../../packs-grammar.js';
import { renderPackCheck } from '../../render/packs.js';
import { findWorkspace } from '../../workspace.js';
import type { PackCheckAnswer } from './answers.js';
import { describeProblems } from './pack-answer.js';

/** `packs check`: all that is wrong with prompt packs; changes nothing. */
export const packsCheck: RunCommand<(typeof packsCheckGrammar)['flags']> = async (
  { positionals },
  { io, answer },
) => {
  const { packs, problems } = choose(checkPacks({ root: findWorkspace(io).root }), positionals);
  const described: PackCheckAnswer = {
    status: problems.length === 0 ? 'ok' : 'error',
    packs: packs.map(({ id, isStamped }) => ({ id, is_stamped: isStamped })),
    ...describeProblems(problems),
  };
  answer.give(described, () => renderPackCheck(described));
  const end = described.status === 'ok' ? exitCodes.succeeded : exitCodes.failed;
  return Promise.resolve(end.code);
};

/** @throws CliError `USAGE` where nothing is known of an id */
function choose(check: PackCheck, ids: readonly string[]): PackCheck {
  if (ids.length === 0) return check;
  const named = [...check.packs.map(({ id }) => id), ...check.problems.map(({ packId }) => packId)];
  const known = new Set(named.filter((id) => id !== null));
  const missing = ids.find((id) => !known.has(id));
  if (missing !== undefined) {
    const meant = closestName(missing, known);
    const hint =
      meant === undefined ? 'codex-orchestrator packs list' : `Did you mean \`${meant}\`?`;
    throw usageError(`There is no prompt pack \`${missing}\``, hint);
  }
  const isAsked = (id: string | null): boolean => id !== null && ids.includes(id);
  return {
    packs: check.packs.filter(({ id }) => isAsked(id)),
    problems: check.problems.filter(({ packId }) => isAsked(packId)),
  };
}
