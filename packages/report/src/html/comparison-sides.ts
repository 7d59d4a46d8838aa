import type { ComparedSide, Comparison } from '../compare/comparison.js';
import { factList } from './facts.js';
import type { Fact } from './facts.js';
import { formatTime } from './format-quantity.js';
import { shortPath, shortText } from './plain-text.js';
import { html } from './safe-html.js';
import type { SafeHtml } from './safe-html.js';
import { table } from './table.js';
import { words } from './verdict-badge.js';

type Machine = ComparedSide['machines'][number];

const mostListed = 12;

/** Which runs were compared, when, of what, and on what machines. */
export function comparisonSides({ before, after }: Comparison): SafeHtml {
  return html`<h3>Before</h3>
    ${sideFacts(before)}
    <h3>After</h3>
    ${sideFacts(after)}${machineTable(before, after)}`;
}

function sideFacts(side: ComparedSide): SafeHtml {
  const { label, runIds, measured, leftOut, repeated } = side;
  const facts: Fact[] = [
    { name: 'Chosen by', value: label },
    { name: 'Runs', value: `${runIds.length}, of which ${measured} measured` },
    {
      name: 'Not measured',
      value: listed(leftOut, ({ status, runs }) => `${runs} ${words(status)}`),
    },
    { name: 'Given more than once', value: listed(repeated, (runId) => runId) },
    { name: 'First start', value: side.firstStartedAt && formatTime(side.firstStartedAt) },
    { name: 'Last start', value: side.lastStartedAt && formatTime(side.lastStartedAt) },
    { name: 'Pipeline', value: listed(side.pipelines, (one) => counted(one.pipelineId, one.runs)) },
    {
      name: 'Commit',
      value: listed(side.commits, (one) => counted(one.commit?.slice(0, 12) ?? null, one.runs)),
      isCode: true,
    },
    {
      name: 'Version of the tool',
      value: listed(side.toolVersions, (one) => counted(one.toolVersion, one.runs)),
    },
  ];
  return html`${factList(facts)}${runList(runIds)}`;
}

function runList(runIds: readonly string[]): SafeHtml | undefined {
  if (runIds.length === 0) return undefined;
  const shown = runIds.slice(0, 40).map((runId) => shortPath(runId, 60));
  const more = runIds.length - shown.length;
  return html`<p class="note code">${shown.join(', ')}${more > 0 && ` and ${more} more`}</p>`;
}

function machineTable(before: ComparedSide, after: ComparedSide): SafeHtml {
  const row = (side: string, { machine, runs }: Machine): string[] => {
    if (!machine) return [side, String(runs), 'not known', '–', '–', '–', '–'];
    const { id, cpuModel, cpus, memoryMb, os, arch, node } = machine;
    return [
      side,
      String(runs),
      shortPath(id, 40),
      `${cpus} × ${shortText(cpuModel, 80)}`,
      `${memoryMb} MB`,
      `${os}, ${arch}`,
      node,
    ];
  };
  return table({
    caption: 'Machines',
    columns: [
      { header: 'Side' },
      { header: 'Runs', kind: 'number' },
      { header: 'Machine', kind: 'code' },
      { header: 'Processors' },
      { header: 'Memory', kind: 'number' },
      { header: 'System' },
      { header: 'Node' },
    ],
    rows: [
      ...before.machines.map((machine) => row('before', machine)),
      ...after.machines.map((machine) => row('after', machine)),
    ],
    maxRows: 40,
    maxBytes: 12_000,
  });
}

function counted(name: string | null, runs: number): string {
  return `${name === null ? 'not known' : shortPath(name, 50)} (${runs})`;
}

function listed<T>(items: readonly T[], text: (item: T) => string): string {
  const shown = items.slice(0, mostListed).map(text);
  const more = items.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}
