import { resolve } from 'node:path';

import { quoteArgv } from '@codex-orchestrator/exec';
import type { Comparison, RunSelector } from '@codex-orchestrator/report';

import {
  parseSelector,
  renderComparisonMarkdown,
  renderComparisonPage,
} from '../report-library.js';
import { toKebabCase } from '../arguments/flags.js';
import { formatArguments } from '../arguments/format-arguments.js';
import type { CommandContext, CommandInput, RunCommand } from '../command.js';
import type { compareGrammar } from '../compare-grammar.js';
import { gatherSides } from '../comparison/gather-sides.js';
import type { GatheredSides } from '../comparison/gather-sides.js';
import { exitCodeOfVerdict, judge } from '../comparison/judge.js';
import { nothingToCompare } from '../comparison/nothing-to-compare.js';
import { writePage } from '../comparison/write-page.js';
import { usageError } from '../errors.js';
import { decideInteractivity } from '../interactivity.js';
import { renderCompare } from '../render/compare.js';
import { countOf } from '../render/metrics-numbers.js';
import { WorkProgress } from '../render/work-progress.js';
import { resolveTask } from '../task.js';
import { findWorkspace } from '../workspace.js';
import type { Workspace } from '../workspace.js';
import { interruptible } from './metrics/interruptible.js';
import type { Interruptible } from './metrics/interruptible.js';

type Flags = (typeof compareGrammar)['flags'];
type Input = CommandInput<Flags>;

/** `compare`: whether runs after a change differ from those before it. */
export const compare: RunCommand<Flags> = async (input, context) => {
  const { io, answer } = context;
  const { flags } = input;
  const workspace = findWorkspace(io);
  const selectors = {
    before: selectorOf('before', flags.before),
    after: selectorOf('after', flags.after),
  };
  const end = await gatherVisibly(selectors, { input, workspace }, context);
  if (end.kind === 'interrupted') {
    answer.give({ outcome: 'interrupted' }, () => ['Interrupted: nothing was compared']);
    return end.exitCode;
  }
  await refuseEmpty(end.value, selectors, workspace);
  const comparison = judge(sidesOf(end.value, selectors), flags, notesOf(end.value));
  const page = await writeComparison(comparison, input, io);
  give(comparison, { page, format: flags.format }, context);
  return exitCodeOfVerdict(comparison, flags.failOn);
};

interface Selectors {
  readonly before: RunSelector;
  readonly after: RunSelector;
}

function selectorOf(name: 'after' | 'before', text: string | undefined): RunSelector {
  if (text !== undefined) return parseSelector(text);
  throw usageError(
    `\`compare\` needs \`--${toKebabCase(name)} <selector>\``,
    'For example: codex-orchestrator compare --before tag=old --after tag=new',
  );
}

async function gatherVisibly(
  selectors: Selectors,
  { input: { flags }, workspace }: { readonly input: Input; readonly workspace: Workspace },
  { io, answer, format }: CommandContext,
): Promise<Interruptible<GatheredSides>> {
  const { taskId } = resolveTask({ flag: flags.task, env: io.env, root: workspace.root });
  const { progress: wanted } = decideInteractivity(io, format);
  const mode = wanted === 'live' && !answer.isForAgent ? 'live' : 'plain';
  using progress = new WorkProgress({ stream: io.stderr, clock: io.clock, mode });
  const onProgress = (entries: number): void => {
    if (wanted !== 'none')
      progress.show(() => `Reading the history: ${countOf(entries, 'entry', 'entries')}`);
  };
  return await interruptible(io, (signal) =>
    gatherSides({ ...selectors, taskId, workspace, signal, onProgress }),
  );
}

async function refuseEmpty(
  { before, after }: GatheredSides,
  selectors: Selectors,
  workspace: Workspace,
): Promise<void> {
  if (before.samples.length === 0) {
    const side = { flag: '--before', selector: selectors.before, side: before } as const;
    throw await nothingToCompare(side, workspace);
  }
  if (after.samples.length === 0) {
    const side = { flag: '--after', selector: selectors.after, side: after } as const;
    throw await nothingToCompare(side, workspace);
  }
}

function sidesOf(
  { before, after }: GatheredSides,
  selectors: Selectors,
): Parameters<typeof judge>[0] {
  return {
    before: { label: selectors.before.text, samples: before.samples },
    after: { label: selectors.after.text, samples: after.samples },
  };
}

function notesOf({ before, after, notes }: GatheredSides): readonly string[] {
  const missing = [...before.missing, ...after.missing];
  if (missing.length === 0) return notes;
  return [...notes, `No such run: ${missing.slice(0, 10).join(', ')}`];
}

/** Where the page was written; undefined where none was asked for. */
async function writeComparison(
  comparison: Comparison,
  { flags }: Input,
  { cwd, clock }: CommandContext['io'],
): Promise<string | undefined> {
  if (flags.html === undefined) return undefined;
  const argv = formatArguments('compare', { ...flags, html: undefined, format: undefined }, []);
  const page = renderComparisonPage({
    generatedAt: new Date(clock.nowMs()).toISOString(),
    comparison,
    repeat: [quoteArgv(['codex-orchestrator', ...argv])],
  });
  const { path } = await writePage(resolve(cwd, flags.html), page);
  return path;
}

function give(
  comparison: Comparison,
  {
    page,
    format,
  }: { readonly page: string | undefined; readonly format: Input['flags']['format'] },
  { answer }: CommandContext,
): void {
  if (format === 'markdown') answer.piece(renderComparisonMarkdown(comparison), 'text');
  else answer.give(comparison, () => renderCompare(comparison, page));
}
