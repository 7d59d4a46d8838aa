import { checkPacks } from '@codex-orchestrator/experience-store';

import type { RunCommand } from '../../command.js';
import { exitCodes } from '../../exit-codes.js';
import type { packsListGrammar } from '../../packs-grammar.js';
import { renderPackList } from '../../render/packs.js';
import { findWorkspace } from '../../workspace.js';
import type { PackListAnswer } from './answers.js';
import { describePack, describeProblems } from './pack-answer.js';

/** `packs list`: the prompt packs that are there; a repository without any is no error. */
export const packsList: RunCommand<(typeof packsListGrammar)['flags']> = async (
  _input,
  { io, answer },
) => {
  const { packs, problems } = checkPacks({ root: findWorkspace(io).root });
  const described: PackListAnswer = {
    packs: packs.map(describePack),
    ...describeProblems(problems),
  };
  answer.give(described, () => renderPackList(described));
  return Promise.resolve(exitCodes.succeeded.code);
};
