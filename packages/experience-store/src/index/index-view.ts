import type { ExperienceLayout } from '../layout.js';
import { CountedFiles } from '../log/read-cost.js';
import { readRecordAt } from '../log/read-record.js';
import { openLog } from '../log/scan-log.js';
import type { IndexSnapshot, KnownRecord, WriteView } from '../write/write-view.js';
import type { Ports } from '../ports.js';
import type { IndexJob } from './index-job.js';
import { IndexMemory } from './index-memory.js';
import { readDomain, readIndexHeader } from './read-index.js';
import type { DomainRequest } from './read-index.js';
import { updateIndex } from './update-index.js';

/** What the writer of a task sees of its index, and how it brings it up to date. */
export class IndexView implements WriteView {
  readonly #layout: ExperienceLayout;
  readonly #ports: Ports;
  readonly #memory = new IndexMemory();

  constructor(layout: ExperienceLayout, ports: Ports) {
    this.#layout = layout;
    this.#ports = ports;
  }

  snapshot(): IndexSnapshot | undefined {
    return this.#look(({ header: { covered, generation } }) => ({ covered, generation }));
  }

  candidates(domain: string): readonly KnownRecord[] {
    return this.#look((request) => candidatesOf(domain, request)) ?? [];
  }

  async update(): Promise<void> {
    await updateIndex(this.#layout, this.#ports, this.#memory);
  }

  /** Nobody needs it: whatever is wrong with the index, it says nothing then. */
  #look<T>(read: (request: DomainRequest) => T): T | undefined {
    const layout = this.#layout;
    const files = new CountedFiles(this.#ports.fs);
    let log: IndexJob['log'] | undefined;
    try {
      log = openLog(layout, files);
      const reading = log && readIndexHeader(layout, log, files);
      return log && reading?.header && read({ layout, log, files, header: reading.header });
    } catch {
      return undefined;
    } finally {
      if (log) files.close(log.fd);
    }
  }
}

function candidatesOf(domain: string, request: DomainRequest): KnownRecord[] {
  const { files, log, layout } = request;
  const { state } = readDomain(domain, request);
  return (state?.kept ?? []).flatMap((entry) => {
    const reading = readRecordAt(files, log.fd, entry, layout.taskId);
    if (reading.kind !== 'record' || reading.record.id !== entry.id) return [];
    return [{ id: entry.id, text: reading.record.summary32 }];
  });
}
