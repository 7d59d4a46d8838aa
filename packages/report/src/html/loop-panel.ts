import { factList, sentences } from './facts.js';
import type { Fact } from './facts.js';
import { formatCount, formatDuration, rounded } from './format-quantity.js';
import { iterationTable } from './iteration-table.js';
import type { FindingView, LoopView } from './loop-view.js';
import { shortPath, shortText } from './plain-text.js';
import { html } from './safe-html.js';
import type { SafeHtml } from './safe-html.js';
import { table } from './table.js';
import { verdictPanel } from './verdict-panel.js';

const maxFindings = 50;
const maxFixes = 5;

/** What an agent loop came to, what it used of what it might, who judged it, and each of its iterations. */
export function loopPanel(loop: LoopView): SafeHtml {
  const goal = loop.goal === null ? null : `Goal: ${loop.goal}`;
  return html`${verdictPanel(loop.verdict, [loop.reason, goal])}${factList(factsOf(loop))}${validatorTable(loop)}${iterationTable(loop)}${findingList(loop.findings)}`;
}

function factsOf(loop: LoopView): Fact[] {
  const { agent, best, used, limits, toolCalls, roles, isolation, branch } = loop;
  const time = limits.minutes === null ? null : formatDuration(limits.minutes * 60_000);
  return [
    { name: 'Agent', value: agent },
    { name: 'Iterations', value: usedOf(used.iterations, limits.iterations, formatCount) },
    { name: 'Best iteration', value: best === null ? null : formatCount(best) },
    { name: 'Time of iterations', value: ofLimit(formatDuration(used.minutes * 60_000), time) },
    {
      name: 'Tokens',
      value: reported(usedOf(used.tokens, limits.tokens, formatCount), used.tokens),
    },
    { name: 'Cost', value: reported(usedOf(used.cost, limits.cost, formatCost), used.cost) },
    { name: 'Tool calls', value: toolCalls > 0 && formatCount(toolCalls) },
    { name: 'Roles', value: roles === 'single' ? null : roles },
    { name: 'Isolation', value: isolation === 'none' ? null : isolation },
    { name: 'Branch', value: branch, isCode: true },
  ];
}

function usedOf(used: number, limit: number | null, format: (value: number) => string): string {
  return ofLimit(format(used), limit === null ? null : format(limit));
}

function ofLimit(used: string, limit: string | null): string {
  return limit === null ? used : `${used} of ${limit}`;
}

/** Agents that state no usage have used something all the same. */
function reported(text: string, used: number): string {
  return used === 0 ? 'none reported' : text;
}

/** In US dollars: `0.25 USD`. */
function formatCost(cost: number): string {
  return `${rounded(cost, 3)} USD`;
}

function validatorTable({ goal, validators, iterations }: LoopView): SafeHtml | undefined {
  const judged = iterations.flatMap((iteration) => iteration.validators);
  if (validators.length === 0) {
    // Where the settings cannot be read, nobody knows which validators there were.
    if (goal === null || judged.length > 0) return undefined;
    return html`<p>No validator judged what the agent did.</p>`;
  }
  return table({
    caption: 'Validators',
    columns: [
      { header: 'Validator' },
      { header: 'Command', kind: 'code' },
      { header: 'Passed', kind: 'number' },
    ],
    rows: validators.map(({ name, command }) => {
      const own = judged.filter((judgement) => judgement.name === name);
      const passed = own.filter(({ outcome }) => outcome === 'passed').length;
      return [shortPath(name, 80), shortText(command, 240), `${passed} of ${own.length}`];
    }),
    maxRows: 32,
    maxBytes: 12_000,
  });
}

function findingList(findings: readonly FindingView[]): SafeHtml | undefined {
  if (findings.length === 0) return undefined;
  return html`<h3>Findings of the agent</h3>
    ${sentences(findings.map(findingSentence), maxFindings)}`;
}

function findingSentence({ title, file, evidence, fixes }: FindingView): string {
  const place = file === '' ? '' : ` (${shortPath(file, 120)})`;
  const shown = fixes.slice(0, maxFixes).map((fix) => shortText(fix, 60));
  const more = fixes.length > maxFixes ? ` and ${fixes.length - maxFixes} more` : '';
  const ways = shown.length === 0 ? '' : `; fixes: ${shown.join(', ')}${more}`;
  const proof = evidence === 1 ? 'one piece' : `${evidence} pieces`;
  return `${shortText(title, 150)}${place}: ${proof} of evidence${ways}`;
}
