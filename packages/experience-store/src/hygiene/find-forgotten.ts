import type { ExperienceLayout } from '../layout.js';
import { isHalfBlanked } from '../log/blank-line.js';
import type { LineToBlank } from '../log/blank-lines.js';
import { linesOfOpenFile } from '../log/replace-lines.js';
import type { OpenLine } from '../log/replace-lines.js';
import { openLog } from '../log/replace-source.js';
import { batchPlaceAt } from '../log/scan-batch.js';
import { MAX_LINE_BYTES, parseLogLine } from '../record/parse-line.js';
import type { RecordReference } from '../record/record.js';
import type { HygieneOptions } from './hygiene-options.js';
import type { Ports } from '../ports.js';

export interface ForgettableLines {
  /** Which of the ids are there, be it as records that were noted already. */
  readonly ids: ReadonlySet<string>;
  /** What needs a note, in the order of the log. */
  readonly references: ReadonlyMap<string, RecordReference>;
  /** Lines that are to be overwritten: of these records, and of those noted before. */
  readonly lines: readonly LineToBlank[];
}

const TURN_BYTES = 1024 * 1024;

/**
 * One pass over the log for all ids. A line counts here wherever its text is on disk: a second copy of a
 * record, or one in a batch that was not written to its end, is overwritten too. Keeps nothing of other
 * records than where those stand that an earlier try has noted.
 */
export async function findForgotten(
  layout: ExperienceLayout,
  ids: ReadonlySet<string>,
  options: HygieneOptions & Ports,
): Promise<ForgettableLines> {
  using log = openLog(layout, options.fs);
  const search = new Search(layout.taskId, ids);
  if (!log) return search;
  const { fs, signal, onProgress } = options;
  const end = fs.fstat(log.fd).size;
  // Notes come behind their records: those of earlier tries are known only after a pass.
  for (const visit of [search.collectNotes, search.collectLines]) {
    let pauseAt = TURN_BYTES;
    for (const line of linesOfOpenFile(log.fd, {
      fs,
      from: 0,
      end,
      maxLineBytes: MAX_LINE_BYTES,
    })) {
      visit(line);
      if (line.offset < pauseAt) continue;
      pauseAt = line.offset + TURN_BYTES;
      onProgress?.({ bytes: line.offset, totalBytes: end });
      await new Promise(setImmediate);
      signal?.throwIfAborted();
    }
  }
  return search;
}

const FORGOTTEN = Buffer.from('"forgotten"');

class Search implements ForgettableLines {
  readonly ids = new Set<string>();
  readonly references = new Map<string, RecordReference>();
  readonly lines: LineToBlank[] = [];
  readonly #noted = new Set<string>();
  readonly #taskId: string;
  readonly #wanted: ReadonlySet<string>;

  constructor(taskId: string, wanted: ReadonlySet<string>) {
    this.#taskId = taskId;
    this.#wanted = wanted;
  }

  readonly collectNotes = ({ bytes }: OpenLine): void => {
    if (!bytes?.includes(FORGOTTEN)) return;
    const parsed = parseLogLine(bytes.toString('utf8'), this.#taskId);
    if (parsed.kind !== 'note' || parsed.note.note !== 'forgotten') return;
    this.#noted.add(keyOf(parsed.note));
  };

  readonly collectLines = ({ bytes, offset }: OpenLine): void => {
    if (bytes === undefined) return;
    const text = bytes.toString('utf8');
    const line = { offset, bytes: bytes.byteLength };
    const parsed = parseLogLine(text, this.#taskId);
    if (parsed.kind !== 'record') {
      const batch = batchPlaceAt(bytes, 0, bytes.byteLength);
      if (parsed.kind === 'bad' && isHalfBlanked(text)) this.lines.push({ ...line, batch });
      return;
    }
    const { id, domain } = parsed.record;
    const key = keyOf({ id, domain });
    const isWanted = this.#wanted.has(id);
    if (!isWanted && !this.#noted.has(key)) return;
    if (isWanted) this.ids.add(id);
    if (isWanted && !this.#noted.has(key)) this.references.set(key, { id, domain });
    this.lines.push({ ...line, batch: parsed.batch });
  };
}

function keyOf({ id, domain }: RecordReference): string {
  return `${id}\n${domain}`;
}
