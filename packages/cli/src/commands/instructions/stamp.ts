import { stampInstructions } from '@codex-orchestrator/experience-store';

import type { RunCommand } from '../../command.js';
import { exitCodes } from '../../exit-codes.js';
import { given } from '../../given.js';
import type { instructionsStampGrammar } from '../../packs-grammar.js';
import { renderInstructionStamping } from '../../render/packs-instructions.js';
import { findWorkspace } from '../../workspace.js';
import type { InstructionStampAnswer } from '../packs/answers.js';
import { pathsFromRoot } from './paths-from-root.js';

/** `instructions stamp`: whoever calls it has read the instructions and vouches for them. */
export const instructionsStamp: RunCommand<(typeof instructionsStampGrammar)['flags']> = async (
  { flags: { dryRun = false }, positionals },
  { io, answer },
) => {
  const { root } = findWorkspace(io);
  const paths = positionals.length === 0 ? undefined : pathsFromRoot(positionals, root, io);
  const { files, problems } = await stampInstructions({ root, dryRun, ...given({ paths }) });
  const described: InstructionStampAnswer = {
    dry_run: dryRun,
    files: files.map(({ path, oldStamp, newStamp, isChanged, isWritten }) => ({
      path,
      old_stamp: oldStamp,
      new_stamp: newStamp,
      is_changed: isChanged,
      is_written: isWritten,
    })),
    problems: problems.map(({ code, path, message }) => ({ code, path, message })),
  };
  answer.give(described, () => renderInstructionStamping(described));
  return (problems.length === 0 ? exitCodes.succeeded : exitCodes.failed).code;
};
