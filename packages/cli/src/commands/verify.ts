import { resolve } from 'node:path';

import { parseTaskId } from '@codex-orchestrator/core';
import { listRuns, verifyRun } from '@codex-orchestrator/manifest';
import type { RunLayout, VerificationReport } from '@codex-orchestrator/manifest';

import type { CommandContext, CommandInput, RunCommand } from '../command.js';
import type { verifyGrammar } from '../repair-grammar.js';
import { usageError } from '../errors.js';
import { exitCodes } from '../exit-codes.js';
import { renderVerification } from '../render/verify.js';
import { readPublicKey } from '../signing.js';
import { describeFailedRun, describeUnreadable } from '../unreadable-run.js';
import type { FailedRun } from '../unreadable-run.js';
import { locationOf, searchLayout, unreadableLayouts, wantedRun } from '../wanted-run.js';
import { findWorkspace } from '../workspace.js';
import type { Workspace } from '../workspace.js';

type Flags = (typeof verifyGrammar)['flags'];

/** What `verify --format json` prints. */
export interface VerificationAnswer {
  readonly verdict: 'damaged' | 'intact';
  readonly runs: readonly VerifiedRun[];
  /** What could not be looked at. */
  readonly unreadable: readonly FailedRun[];
}

export interface VerifiedRun {
  readonly run_id: string;
  readonly task_id: string;
  readonly verdict: VerificationReport['verdict'];
  readonly sealed: boolean;
  readonly signature: VerificationReport['signature'];
  readonly findings: VerificationReport['findings'];
  readonly remarks: readonly string[];
  readonly checked: {
    readonly journal_lines: number;
    readonly files: number;
    readonly bytes: number;
  };
}

/**
 * `verify`: whether records are as they were written, and if not, which file was altered, cut or is
 * missing. Needs nothing but the files.
 */
export const verify: RunCommand<Flags> = async (input, context) => {
  const { io, answer } = context;
  const workspace = findWorkspace(io);
  const key = input.flags.publicKey;
  const publicKey = key === undefined ? undefined : readPublicKey(resolve(io.cwd, key));
  const { layouts, unreadable } = await chooseRuns(input, workspace, io);
  const { runs, failed } = await verifyAll(layouts, publicKey);
  const unverified = [...unreadable, ...failed];
  const damaged = unverified.length > 0 || runs.some(({ verdict }) => verdict === 'damaged');
  const verdict = damaged ? 'damaged' : 'intact';
  const result: VerificationAnswer = { verdict, runs, unreadable: unverified };
  answer.give(result, () => renderVerification(result));
  return (damaged ? exitCodes.failed : exitCodes.succeeded).code;
};

interface ChosenRuns {
  readonly layouts: readonly RunLayout[];
  readonly unreadable: readonly FailedRun[];
}

async function chooseRuns(
  { flags, positionals: [positional] }: CommandInput<Flags>,
  workspace: Workspace,
  io: CommandContext['io'],
): Promise<ChosenRuns> {
  if (flags.all !== true) {
    const wanted = wantedRun(flags.run, positional);
    const layout = await searchLayout({ wanted, task: flags.task, workspace }, io);
    return { layouts: [layout], unreadable: [] };
  }
  if (flags.run !== undefined || positional !== undefined) {
    throw usageError('Expected one of `--run` and `--all`, got both');
  }
  const taskId = flags.task === undefined ? undefined : parseTaskId(flags.task);
  const { runs, unreadable } = await listRuns(locationOf(workspace, taskId));
  const layouts = [
    ...runs.map(({ layout }) => layout),
    ...unreadableLayouts(unreadable, workspace),
  ];
  const nameless = unreadable.filter(({ runId }) => runId === undefined);
  return { layouts, unreadable: nameless.map(describeUnreadable) };
}

interface Verified {
  readonly runs: readonly VerifiedRun[];
  readonly failed: readonly FailedRun[];
}

/** A run whose check itself fails is named; the others are checked all the same. */
async function verifyAll(
  layouts: readonly RunLayout[],
  publicKey: string | undefined,
): Promise<Verified> {
  const runs: VerifiedRun[] = [];
  const failed: FailedRun[] = [];
  for (const layout of layouts) {
    try {
      const options = publicKey === undefined ? {} : { publicKey };
      runs.push(describeReport(layout, await verifyRun(layout, options)));
    } catch (error) {
      failed.push(describeFailedRun(layout, error));
    }
  }
  return { runs, failed };
}

function describeReport(
  { runId, taskId }: RunLayout,
  { verdict, sealed, signature, findings, remarks, checked }: VerificationReport,
): VerifiedRun {
  const { journalLines, files, bytes } = checked;
  return {
    run_id: runId,
    task_id: taskId,
    verdict,
    sealed,
    signature,
    findings,
    remarks,
    checked: { journal_lines: journalLines, files, bytes },
  };
}
