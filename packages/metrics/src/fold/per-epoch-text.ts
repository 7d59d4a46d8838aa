import { HEAD_LENGTH, TOOL_LENGTH } from './epoch-cell.js';
import { epochOutputOf } from './epochs.js';
import { expectArray, expectString } from './expect-encoded.js';
import { NameTable } from './name-table.js';

/**
 * The text of the document by epochs, made from the encoded state of the reducer: the same as
 * `JSON.stringify(document, null, 2)`, in a fraction of the time, because the numbers stay the texts that
 * they are. `undefined` where no run names an epoch.
 *
 * @param state - what `encode` of the reducer `epochs` gave
 */
export function perEpochText(state: unknown, updatedAt: string): string | undefined {
  const [encodedNames, parts] = expectArray(state, 2);
  const names = expectArray(encodedNames).map(expectString);
  const quoted = names.map((name) => JSON.stringify(name));
  const epochs = expectArray(parts).flatMap((part) => {
    const [epoch, values] = expectArray(part, 2);
    const text = expectString(values);
    if (text.startsWith('0,')) return [];
    const isPlain = !text.includes('"');
    return [isPlain ? plainText(Number(epoch), text, quoted) : anyText(Number(epoch), text, names)];
  });
  if (epochs.length === 0) return undefined;
  return `{\n  "epochs": [\n${epochs.join(',\n')}\n  ],\n  "updated_at": ${JSON.stringify(updatedAt)}\n}`;
}

/** Of an epoch all of whose sums are numbers. */
function plainText(epoch: number, text: string, names: readonly string[]): string {
  const values = text.split(',');
  const [runs, groupSizes, calls, tokens, cost, latency, groupSize] = values;
  const mean = groupSizes === '0' ? null : Number(groupSize) / Number(groupSizes);
  const tools: string[] = [];
  for (let at = HEAD_LENGTH; at < values.length; at += TOOL_LENGTH) {
    if (values[at + 1] !== '0') tools.push(toolText(values, at, names[Number(values[at])]));
  }
  const list = tools.length === 0 ? '[]' : `[\n${tools.join(',\n')}\n      ]`;
  return `    {
      "epoch": ${JSON.stringify(epoch)},
      "runs": ${runs ?? ''},
      "tool_calls": ${calls ?? ''},
      "token_total": ${tokens ?? ''},
      "cost_usd": ${cost ?? ''},
      "latency_ms": ${latency ?? ''},
      "group_size_avg": ${JSON.stringify(mean)},
      "tools": ${list}
    }`;
}

function toolText(values: readonly string[], at: number, name: string | undefined): string {
  return `        {
          "tool": ${name ?? ''},
          "runs": ${values[at + 1] ?? ''},
          "tokens": ${values[at + 2] ?? ''},
          "cost_usd": ${values[at + 3] ?? ''},
          "latency_ms": ${values[at + 4] ?? ''}
        }`;
}

function anyText(epoch: number, text: string, names: readonly string[]): string {
  const table = new NameTable();
  for (const name of names) table.numberOf(name);
  const lines = JSON.stringify(epochOutputOf(epoch, text, table), null, 2).split('\n');
  return lines.map((line) => `    ${line}`).join('\n');
}
