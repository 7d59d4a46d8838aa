import type { ExperienceLayout } from '../layout.js';
import { openLog } from '../log/replace-source.js';
import type { OpenLog } from '../log/replace-source.js';
import type { ScannedLine } from '../log/scan-lines.js';
import { encodeRecord } from '../record/encode.js';
import type { Experience } from '../record/record.js';
import { foldLog } from './fold-log.js';
import { withHistory } from './list-records.js';
import { portsOf } from '../ports.js';
import type { HygieneOptions } from './hygiene-options.js';
import type { RecordFacts } from './record-table.js';
import { scanOpenLog } from './scan-open-log.js';

export interface ExportOptions extends HygieneOptions {
  /** `jsonl`: a record per line. `json`: an array of them, one per line too. @default 'jsonl' */
  readonly format?: 'json' | 'jsonl' | undefined;
  /** @default all */
  readonly domains?: ReadonlySet<string> | undefined;
}

export interface ExportReport {
  readonly records: number;
  readonly bytes: number;
}

/**
 * Gives out all records in the order of the log, with what notes say of them as counters of their own;
 * forgotten ones and what cannot be read are left out. `importRecords` takes both formats.
 *
 * Reads the log twice, holding a few hundred bytes of each record and the text of one chunk.
 *
 * @param write Gets the text part by part; what it returns is waited for.
 * @throws ExperienceError `STORE_UNREADABLE`; the reason of the signal; what `write` throws.
 */
export async function exportRecords(
  layout: ExperienceLayout,
  options: ExportOptions,
  write: (text: string) => Promise<void> | void,
): Promise<ExportReport> {
  const { format = 'jsonl' } = options;
  const output = new Output(format, write);
  using log = openLog(layout, portsOf(options).fs);
  if (log) await exportLog(log, { layout, options, output });
  await output.end();
  return { records: output.records, bytes: output.bytes };
}

async function exportLog(
  log: OpenLog,
  job: {
    readonly layout: ExperienceLayout;
    readonly options: ExportOptions;
    readonly output: Output;
  },
): Promise<void> {
  const { options, output } = job;
  const { fs } = portsOf(options);
  const { domains, signal, onProgress } = options;
  const { taskId } = job.layout;
  const wants = (record: Experience): boolean => domains?.has(record.domain) ?? true;
  const fold = await foldLog(log, { fs, taskId, wants, detailOf: () => undefined, signal });
  const records = fold.records.filter((facts) => !facts.forgotten);
  let nth = 0;
  const visit = ({ offset, line }: ScannedLine): void => {
    const facts: RecordFacts | undefined = records[nth];
    if (facts?.offset !== offset) return;
    nth += 1;
    // Blanked since the first pass.
    if (line.kind !== 'record') return;
    output.add(encodeRecord(withHistory(line.record, facts)));
  };
  const afterChunk = (): Promise<void> => output.flush();
  const { bytes: end } = fold;
  await scanOpenLog(log, { fs, taskId, end, signal, onProgress, visit, afterChunk });
}

class Output {
  records = 0;
  bytes = 0;
  readonly #isArray: boolean;
  readonly #write: (text: string) => Promise<void> | void;
  #held = '';

  constructor(format: 'json' | 'jsonl', write: (text: string) => Promise<void> | void) {
    this.#isArray = format === 'json';
    this.#write = write;
    if (this.#isArray) this.#held = '[';
  }

  add(record: string): void {
    if (this.#isArray) this.#held += `${this.records === 0 ? '' : ','}\n${record}`;
    else this.#held += `${record}\n`;
    this.records += 1;
  }

  async flush(): Promise<void> {
    if (this.#held === '') return;
    const text = this.#held;
    this.#held = '';
    this.bytes += Buffer.byteLength(text);
    await this.#write(text);
  }

  end(): Promise<void> {
    if (this.#isArray) this.#held += '\n]\n';
    return this.flush();
  }
}
