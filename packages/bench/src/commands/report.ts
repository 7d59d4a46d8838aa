import { appendFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { writeFileAtomic } from '@codex-orchestrator/core';

import { BenchError, messageOf } from '../errors.js';
import { readTrendPoints } from '../history/bench-history.js';
import { trendNotes } from '../history/trend.js';
import { exitCodeOf } from '../results/exit-code.js';
import { readResults } from '../results/results-file.js';
import { guardsOf } from '../sinks/guard-facts.js';
import { isReportFormat, renderResults, reportFormats } from '../sinks/render-results.js';
import type { Output } from './exact.js';
import { listOf } from './list-of.js';
import { packageFolders, withMissing } from './missing-results.js';

export interface ReportOptions {
  /** @default 'table' */
  readonly format?: string;
  /** File that is replaced by the report. @default the standard output */
  readonly out?: string;
  /** @default the projects that were run: those with a result of either part */
  readonly project?: string | readonly string[];
  /** Every project with guards, also those that were not run. @default false */
  readonly all?: boolean;
  /** Adds the report as Markdown to the file that `GITHUB_STEP_SUMMARY` names. @default false */
  readonly stepSummary?: boolean;
  /** Adds notes about the history, which decide nothing. @default false */
  readonly trend?: boolean;
  /** Exit code 3 where something is undecided. @default false */
  readonly strict?: boolean;
  /** Folder of the workspace. @default the current folder */
  readonly root?: string;
  /** @default that of this process */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** @default the standard streams of this process */
  readonly output?: Output;
}

/**
 * Prints what the gate found, and resolves to the exit code that it comes to. A guard without a result, of a
 * project that was run, counts as failed: nothing passes because it was not measured.
 *
 * @throws BenchError `INVALID_OPTION`, `RESULT_MISSING`, `RESULT_UNREADABLE`, `OUTPUT_WRITE_FAILED`
 */
export async function run(options: ReportOptions): Promise<number> {
  const { format = 'table', out, strict = false, output = processOutput() } = options;
  if (!isReportFormat(format)) {
    const message = `Expected \`--format\` to be one of ${reportFormats.join(', ')}, got "${format}"`;
    throw new BenchError('INVALID_OPTION', message);
  }
  const root = resolve(options.root ?? '.');
  const projects = listOf(options.project);
  const found = await readResults(root, projects);
  const wanted = options.all === true ? await packageFolders(root) : projects;
  const ran = [...new Set(found.map(({ project }) => project))];
  const { results, missing } = await withMissing(root, wanted ?? ran, found);
  for (const name of missing) output.stderr(`no result of ${name}\n`);
  const trend = options.trend === true ? trendNotes(await readTrendPoints(root)) : [];
  const text = renderResults(results, format, { trend });
  if (out === undefined) output.stdout(text);
  else await writing(resolve(root, out), (path) => writeFileAtomic(path, text));
  const summary = (options.env ?? process.env)['GITHUB_STEP_SUMMARY'];
  if (options.stepSummary === true && summary !== undefined && summary !== '') {
    const markdown = renderResults(results, 'markdown', { trend });
    await writing(summary, (path) => appendFile(path, markdown));
  }
  return exitCodeOf(guardsOf(results), { strict });
}

async function writing(path: string, write: (path: string) => Promise<unknown>): Promise<void> {
  try {
    await write(path);
  } catch (cause) {
    const message = `Cannot write the report to "${path}": ${messageOf(cause)}`;
    throw new BenchError('OUTPUT_WRITE_FAILED', message, { path, cause });
  }
}

function processOutput(): Output {
  return {
    stdout: (text) => process.stdout.write(text),
    stderr: (text) => process.stderr.write(text),
  };
}
