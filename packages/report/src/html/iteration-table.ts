import { formatCount, formatDuration, rounded } from './format-quantity.js';
import type { IterationView, LoopView, TurnView } from './loop-view.js';
import { shortPath, shortText } from './plain-text.js';
import { html, htmlBytes } from './safe-html.js';
import type { HtmlValue, SafeHtml } from './safe-html.js';
import { table } from './table.js';
import { verdictBadge, verdictLook, words } from './verdict-badge.js';

const maxIterations = 200;
/** Of all rows, in UTF-8. */
const maxBytes = 60_000;
/** What a row takes around its cells. */
const bytesPerRow = 320;
/** Of turns, validators and files of one iteration. */
const maxParts = 6;

/** One row for each iteration; where there are too many, the newest and the best. */
export function iterationTable({ iterations, best }: LoopView): SafeHtml {
  if (iterations.length === 0) return html`<p>No iteration of the loop has ended.</p>`;
  const rows = rowsThatFit(iterations, best);
  const omitted = iterations.length - rows.length;
  return html`${table({
      caption: 'Iterations',
      columns: [
        { header: 'Iteration' },
        { header: 'Summary' },
        { header: 'Turns' },
        { header: 'Validators' },
        { header: 'Changes' },
        { header: 'Tokens', kind: 'number' },
        { header: 'Evidence', kind: 'path' },
      ],
      rows,
      maxRows: maxIterations,
      maxBytes: Infinity,
    })}${omitted > 0 && html`<p class="note">${omitted} of ${iterations.length} iterations are left out: shown are the newest and the best.</p>`}
    <p class="note">Evidence lies in the folder rlm of the run.</p>`;
}

function rowsThatFit(iterations: readonly IterationView[], best: number | null): HtmlValue[][] {
  const bestAt = iterations.findLastIndex(({ n }) => n === best);
  const shown = new Map<number, HtmlValue[]>();
  let bytes = 0;
  const order = [...iterations.keys()].reverse();
  for (const at of bestAt < 0 ? order : [bestAt, ...order]) {
    const iteration = iterations[at];
    if (!iteration || shown.has(at)) continue;
    const row = rowOf(iteration, at === bestAt);
    bytes += htmlBytes(html`${row}`) + bytesPerRow;
    if (shown.size >= maxIterations || bytes > maxBytes) break;
    shown.set(at, row);
  }
  return [...shown].sort(([a], [b]) => a - b).map(([, row]) => row);
}

function rowOf(iteration: IterationView, isBest: boolean): HtmlValue[] {
  const { n, durationMs, summary, turns, validators, tokens, cost, evidence } = iteration;
  return [
    html`${formatCount(n)}${isBest && html` ${verdictBadge('best')}`}${durationMs !== null && note(formatDuration(durationMs))}`,
    summary === null ? '–' : shortText(summary, 200),
    lines(turns.map(turnCell)),
    lines(
      validators.map(({ name, outcome, exitCode }) => {
        const code = exitCode === null || exitCode === 0 ? '' : ` (${exitCode})`;
        return html`${shortPath(name, 40)} ${toned(outcome)}${code}`;
      }),
    ),
    changesCell(iteration),
    html`${tokens === 0 ? '–' : formatCount(tokens)}${cost > 0 && note(`${rounded(cost, 3)} USD`)}`,
    lines(evidence.map((path) => html`${shortPath(path, 80)}`)),
  ];
}

function turnCell({ role, outcome, reason, durationMs }: TurnView): SafeHtml {
  const time = durationMs === null ? '' : `, ${formatDuration(durationMs)}`;
  const why = outcome !== 'completed' && reason !== null && note(shortText(reason, 120));
  return html`${shortText(role, 20)} ${toned(outcome)}${time}${why}`;
}

function changesCell({ changes, tampered, strays }: IterationView): SafeHtml {
  const { files = 0, insertions = 0, deletions = 0 } = changes ?? {};
  const counted = `${formatCount(files)} ${files === 1 ? 'file' : 'files'}, +${formatCount(insertions)} −${formatCount(deletions)}`;
  const what = changes === null ? 'unknown' : files === 0 ? 'none' : counted;
  const names = tampered.slice(0, 3).map((path) => shortPath(path, 60));
  const more = tampered.length > 3 ? ` and ${tampered.length - 3} more` : '';
  const left = strays === 1 ? '1 stray process' : `${formatCount(strays)} stray processes`;
  return html`${what}${tampered.length > 0 && html`<br /><span class="tone-bad">tampered: ${names.join(', ')}${more}</span>`}${strays > 0 && html`<br /><span class="tone-warn">${left}</span>`}`;
}

/** A word with its colour and without a sign: there are some in each row. */
function toned(outcome: string): SafeHtml {
  const said = outcome === '' ? 'unknown' : shortText(words(outcome), 40);
  return html`<span class="tone-${verdictLook(outcome).tone}">${said}</span>`;
}

function lines(parts: readonly SafeHtml[]): SafeHtml | string {
  if (parts.length === 0) return '–';
  const shown = parts.slice(0, maxParts).map((part, at) => html`${at > 0 && html`<br />`}${part}`);
  const more = parts.length - maxParts;
  return html`${shown}${more > 0 && note(`${more} more`)}`;
}

function note(text: string): SafeHtml {
  return html`<br /><span class="note">${text}</span>`;
}
