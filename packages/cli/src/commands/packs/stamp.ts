import { stampPacks } from '@codex-orchestrator/experience-store';

import type { RunCommand } from '../../command.js';
import { usageError } from '../../errors.js';
import { exitCodes } from '../../exit-codes.js';
import type { packsStampGrammar } from '../../packs-grammar.js';
import { renderPackStamping } from '../../render/packs.js';
import { findWorkspace } from '../../workspace.js';
import type { PackStampAnswer } from './answers.js';
import { describeProblems } from './pack-answer.js';

/** `packs stamp`: whoever calls it has read the texts of the packs and vouches for them. */
export const packsStamp: RunCommand<(typeof packsStampGrammar)['flags']> = async (
  { flags: { all, dryRun = false }, positionals },
  { io, answer },
) => {
  if ((all === true) === positionals.length > 0) {
    throw usageError('Expected the ids of prompt packs, or `--all`');
  }
  const { root } = findWorkspace(io);
  const { packs, problems } = await stampPacks({
    root,
    ids: all === true ? 'all' : positionals,
    dryRun,
  });
  const described: PackStampAnswer = {
    dry_run: dryRun,
    packs: packs.map(({ id, manifestPath, oldStamp, newStamp, isChanged, isWritten }) => ({
      id,
      manifest: manifestPath,
      old_stamp: oldStamp,
      new_stamp: newStamp,
      is_changed: isChanged,
      is_written: isWritten,
    })),
    ...describeProblems(problems),
  };
  answer.give(described, () => renderPackStamping(described));
  return (problems.length === 0 ? exitCodes.succeeded : exitCodes.failed).code;
};
