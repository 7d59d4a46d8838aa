import { lstatSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { readJson } from '@codex-orchestrator/core';
import { isFinalStatus, verifyRun } from '@codex-orchestrator/manifest';
import type { Manifest, RunLayout, VerificationReport } from '@codex-orchestrator/manifest';

import { renderRunPage, runPageView } from '../report-library.js';
import type { CommandContext, RunCommand } from '../command.js';
import type { reportGrammar } from '../compare-grammar.js';
import { readEarlierRuns } from '../comparison/earlier-runs.js';
import { writePage } from '../comparison/write-page.js';
import { exitCodes } from '../exit-codes.js';
import { JournalFollower } from '../follow/journal-follower.js';
import { WatchedRun } from '../follow/watched-run.js';
import type { Io } from '../io.js';
import { formatBytes } from '../render/bytes.js';
import { describeRun } from '../run-answer.js';
import { tagsOf } from '../run-facts/run-tags.js';
import { searchRun, wantedRun } from '../wanted-run.js';
import { findWorkspace } from '../workspace.js';
import { interruptible } from './metrics/interruptible.js';

const maxFindingsBytes = 4 * 1024 * 1024;

type Flags = (typeof reportGrammar)['flags'];

/** What `report --format json` prints. */
export interface ReportAnswer {
  readonly run_id: string;
  /** As the run stands now. */
  readonly status: string;
  /** Whether the record is as it was written. */
  readonly verdict: VerificationReport['verdict'];
  /** Absolute. */
  readonly path: string;
  readonly bytes: number;
  readonly earlier_runs: number;
}

/** `report [run]`: the page of a run. The exit code says that it was written, whatever is on it. */
export const report: RunCommand<Flags> = async ({ flags, positionals }, context) => {
  const { io, answer } = context;
  const workspace = findWorkspace(io);
  const wanted = wantedRun(flags.run, positionals[0]);
  const run = await searchRun({ wanted, task: flags.task, workspace }, io);
  const { manifest, status } = await new WatchedRun(run, io.clock).look();
  const end = await interruptible(io, (signal) => readEarlierRuns(manifest, workspace, signal));
  if (end.kind === 'interrupted') return giveInterrupted(end.exitCode, context);
  const verification = await verifyRun(run.layout);
  const { exit_code: exitCode, root_cause: rootCause } = describeRun(manifest, {
    root: workspace.root,
    cwd: io.cwd,
  });
  const { commit } = manifest.options;
  const page = renderRunPage(
    runPageView({
      manifest,
      verification,
      earlier: end.value,
      ...(await readLoops(manifest, run.layout)),
      generatedAt: now(io),
      status,
      exitCode: isFinalStatus(status) ? exitCode : null,
      ...(rootCause === null ? {} : { rootCause }),
      commit: typeof commit === 'string' ? commit : null,
      tags: tagsOf(manifest.options),
    }),
  );
  const { runId, taskOutDir } = run.layout;
  const written =
    flags.html === undefined
      ? await writePage(join(taskOutDir, 'report', `${runId}.html`), page, workspace.outDir)
      : await writePage(resolve(io.cwd, flags.html), page);
  const result: ReportAnswer = {
    run_id: runId,
    status,
    verdict: verification.verdict,
    ...written,
    earlier_runs: end.value.length,
  };
  answer.give(result, () => [
    `Run ${runId}: ${status}, record ${verification.verdict}`,
    `Page: ${written.path} (${formatBytes(written.bytes)})`,
  ]);
  return exitCodes.succeeded.code;
};

/** What the run leaves of its agent loops; what of it cannot be read is not on the page. */
async function readLoops(
  { commands }: Manifest,
  { journalPath, runDir }: RunLayout,
): Promise<{ journal?: readonly object[]; findings?: unknown }> {
  if (!commands.some(({ kind }) => kind === 'rlm')) return {};
  const journal: object[] = [];
  try {
    await new JournalFollower(journalPath).read(({ value }) => {
      if (tellsOfLoop(value)) journal.push(value);
    });
  } catch {
    // The verification on the same page says what is wrong with the journal.
  }
  return { journal, findings: await readFindings(join(runDir, 'rlm', 'findings.json')) };
}

function tellsOfLoop(line: object): boolean {
  const type: unknown = 'type' in line ? line.type : undefined;
  return typeof type === 'string' && (type.startsWith('loop.') || type === 'run.resumed');
}

/** An agent could have put anything in its place: a link or a pipe is not followed. */
async function readFindings(path: string): Promise<unknown> {
  try {
    if (!lstatSync(path).isFile()) return undefined;
    return await readJson(path, { maxBytes: maxFindingsBytes });
  } catch {
    return undefined;
  }
}

function giveInterrupted(exitCode: number, { answer }: CommandContext): number {
  answer.give({ outcome: 'interrupted' }, () => ['Interrupted: nothing was written']);
  return exitCode;
}

function now({ clock }: Pick<Io, 'clock'>): string {
  return new Date(clock.nowMs()).toISOString();
}
