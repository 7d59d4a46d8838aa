import type { InstructionCheck } from '@codex-orchestrator/experience-store';

import type { RunCommand } from '../../command.js';
import { exitCodes } from '../../exit-codes.js';
import { lookAtInstructions } from '../../gates/judge-instructions.js';
import type { Io } from '../../io.js';
import type { instructionsCheckGrammar } from '../../packs-grammar.js';
import { renderInstructionCheck } from '../../render/packs-instructions.js';
import { findWorkspace } from '../../workspace.js';
import type { InstructionCheckAnswer } from '../packs/answers.js';
import { pathsFromRoot } from './paths-from-root.js';

/** `instructions check`: whether agents are given the instructions that are there; changes nothing. */
export const instructionsCheck: RunCommand<(typeof instructionsCheckGrammar)['flags']> = async (
  { positionals },
  { io, answer },
) => {
  const { files, problems } = check(positionals, io);
  const described: InstructionCheckAnswer = {
    status: problems.length === 0 ? 'ok' : 'error',
    files: files.map(({ path, state, declaredStamp, expectedStamp }) => ({
      path,
      state,
      declared_stamp: declaredStamp,
      expected_stamp: expectedStamp,
    })),
    problems: problems.map(({ code, path, message }) => ({ code, path, message })),
  };
  answer.give(described, () => renderInstructionCheck(described));
  const end = described.status === 'ok' ? exitCodes.succeeded : exitCodes.failed;
  return Promise.resolve(end.code);
};

function check(wanted: readonly string[], io: Io): InstructionCheck {
  const { root } = findWorkspace(io);
  const paths = wanted.length === 0 ? undefined : pathsFromRoot(wanted, root, io);
  return lookAtInstructions(root, paths);
}
