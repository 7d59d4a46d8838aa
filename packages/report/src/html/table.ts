import { html, htmlBytes } from './safe-html.js';
import type { HtmlValue, SafeHtml } from './safe-html.js';
import { shortText } from './plain-text.js';

export interface Column {
  readonly header: string;
  /** Numbers stand to the right, codes and paths in letters of one width. @default 'text' */
  readonly kind?: 'code' | 'number' | 'path' | 'text';
}

export interface TableOptions {
  /** What the table holds; shown above it. */
  readonly caption: string;
  readonly columns: readonly Column[];
  /** One value per column; the first one names the row. Text is cut after 300 characters. */
  readonly rows: readonly (readonly HtmlValue[])[];
  /** More rows than this are left out, and a line below says so. @default 150 */
  readonly maxRows?: number;
  /** Of all rows in UTF-8; the rest is left out, and a line below says so. @default 40_000 */
  readonly maxBytes?: number;
}

/** A table that scrolls by itself where it is wider than the page. */
export function table(options: TableOptions): SafeHtml {
  const { caption, columns, rows, maxRows = 150, maxBytes = 40_000 } = options;
  const shown: SafeHtml[] = [];
  let bytes = 0;
  for (const cells of rows.slice(0, maxRows)) {
    const row = tableRow(cells, columns);
    bytes += htmlBytes(row);
    if (bytes > maxBytes) break;
    shown.push(row);
  }
  const omitted = rows.length - shown.length;
  const name = shortText(caption, 160);
  const headers = columns.map(
    ({ header, kind }) => html`<th scope="col" class="${classOf(kind)}">${header}</th>`,
  );
  return html`<div class="table" role="region" aria-label="${name}" tabindex="0">
      <table>
        <caption>
          <span>${name}</span>
        </caption>
        <thead>
          <tr>
            ${headers}
          </tr>
        </thead>
        <tbody>
          ${shown}
        </tbody>
      </table>
    </div>
    ${omitted > 0 && html`<p class="note">${omitted} of ${rows.length} rows are left out.</p>`}`;
}

function tableRow(cells: readonly HtmlValue[], columns: readonly Column[]): SafeHtml {
  const [name, ...rest] = columns.map((column, index) => ({
    kind: cellClass(column, cells[index]),
    content: cellContent(cells[index]),
  }));
  const others = rest.map(({ kind, content }) => html`<td class="${kind}">${content}</td>`);
  return html`<tr>
    <th scope="row" class="${name?.kind ?? 'text'}">${name?.content}</th>
    ${others}
  </tr> `;
}

/** Sentences get room, so that a row is not one word wide and a page high. */
function cellClass({ kind = 'text' }: Column, value: HtmlValue): string {
  const isLong = kind === 'text' && typeof value === 'string' && value.length > 40;
  return isLong ? 'text long' : classOf(kind);
}

function classOf(kind: Column['kind'] = 'text'): string {
  return kind === 'path' ? 'code path' : kind;
}

function cellContent(value: HtmlValue): HtmlValue {
  return typeof value === 'string' ? shortText(value, 300) : value;
}
