import type { OpenLog } from '../log/replace-source.js';
import type { ScannedLine } from '../log/scan-lines.js';
import { historyOf } from '../record/encode.js';
import type { Counters } from '../record/record.js';
import type { GcFacts } from './gc-plan.js';
import type { GcWork } from './gc-report.js';
import { scanOpenLog } from './scan-open-log.js';
import type { OpenLogScan } from './scan-open-log.js';

export interface WriteKept extends Omit<OpenLogScan, 'visit' | 'end'> {
  readonly write: (lines: Uint8Array) => void;
}

const FLUSH_CHARACTERS = 256 * 1024;

/**
 * Writes the lines of all records that stay, in their order, and returns the number of bytes. A line that
 * says all that is known of its record stays as it is, but for its place in a batch, which it needs no more.
 */
export async function writeKept(log: OpenLog, work: GcWork, pass: WriteKept): Promise<number> {
  const kept = work.fold.records.filter((facts) => !work.plan.decisions.has(facts));
  let nth = 0;
  let texts: string[] = [];
  let held = 0;
  let bytes = 0;
  const flush = (): void => {
    if (texts.length === 0) return;
    const lines = Buffer.from(`${texts.join('\n')}\n`);
    pass.write(lines);
    bytes += lines.byteLength;
    texts = [];
    held = 0;
  };
  const visit = ({ offset, text }: ScannedLine): void => {
    const facts = kept[nth];
    if (facts?.offset !== offset) return;
    nth += 1;
    const line = rewriteLine(text, facts, work.plan.merged.get(facts));
    texts.push(line);
    held += line.length;
    if (held >= FLUSH_CHARACTERS) flush();
  };
  await scanOpenLog(log, { ...pass, end: work.fold.wholeBytes, visit });
  flush();
  if (nth !== kept.length) throw new Error('the log is not what it was a moment ago');
  return bytes;
}

const FRAME = /,"batch":"[0-9a-f]{8}:\d{1,7}\/\d{1,7}"\}\s*$/;

function rewriteLine(text: string, facts: GcFacts, merged: Counters | undefined): string {
  const unframed = facts.isFramed ? text.replace(FRAME, '}') : text;
  if (!facts.isNoted && !merged) return unframed.trim();
  return withHistory(unframed, { ...facts, ...merged });
}

/** Other members stay, also those that nobody here knows. */
function withHistory(text: string, history: Counters & { readonly pinned: boolean }): string {
  const members = Object.entries(JSON.parse(text) as object).filter(
    ([name]) => !REWRITTEN.has(name),
  );
  return JSON.stringify({ ...Object.fromEntries(members), ...historyOf(history) });
}

const REWRITTEN = new Set(['seen', 'uses', 'helped', 'harmed', 'pinned', 'batch']);
