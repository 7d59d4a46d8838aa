import { DomainFold, NO_RECORDS } from './domain-fold.js';
import { KEPT_PER_DOMAIN } from './domain-file.js';
import { domainHashOf } from './domain-hash.js';
import type { Folds, OpenFold } from './fold-tail.js';
import { UNUSABLE } from './header.js';
import type { IndexHeader } from './header.js';
import type { IndexJob } from './index-job.js';
import { readDomain } from './read-index.js';
import { writeDomainFile } from './write-index.js';

interface TouchedFold extends OpenFold {
  readonly domainHash: string;
  /** Of the file as it is; `undefined` without one. */
  readonly mark: number | undefined;
}

/** A domain that is not brought up to date: its file cannot be read, or the index has never had it. */
interface LeftOut {
  readonly domainHash: string;
  readonly mark: number | undefined;
  readonly fold: undefined;
}

/** The folds of the domains that an update meets, each read when it is met first. */
export class TouchedFolds implements Folds {
  readonly #job: IndexJob;
  readonly #header: IndexHeader;
  readonly #touched = new Map<string, TouchedFold | LeftOut>();

  constructor(job: IndexJob, header: IndexHeader) {
    this.#job = job;
    this.#header = header;
  }

  get(domain: string): OpenFold | undefined {
    let touched = this.#touched.get(domain);
    if (!touched) {
      touched = this.#open(domain);
      this.#touched.set(domain, touched);
    }
    return touched.fold && touched;
  }

  /** Writes the files of domains that have changed; returns their marks by the hashes of the domains. */
  write(written: { readonly covered: number; readonly fingerprint: string }): Map<string, number> {
    const { layout, ports, memory } = this.#job;
    const { generation } = this.#header;
    const marks = new Map<string, number>();
    for (const [domain, touched] of this.#touched) {
      const { domainHash, fold } = touched;
      let { mark } = touched;
      if (!fold) {
        // The header is about to cover lines that its file does not have, should that be read again.
        if (mark !== undefined) marks.set(domainHash, UNUSABLE);
        continue;
      }
      if (fold.isChanged) {
        const file = { ...fold.state, ...written, generation, domain };
        mark = writeDomainFile({ ...ports, layout }, file);
        marks.set(domainHash, mark ?? UNUSABLE);
        fold.isChanged = false;
      }
      if (mark !== undefined) memory.keep(generation, domainHash, { domain, fold, mark });
    }
    return marks;
  }

  #open(domain: string): TouchedFold | LeftOut {
    const { covered, domains, complete, generation } = this.#header;
    const domainHash = domainHashOf(domain);
    const mark = domains.markOf(domainHash);
    const base = { domain, domainHash, mark };
    if (mark === undefined) {
      if (!complete) return { domainHash, mark, fold: undefined };
      return { ...base, fold: new DomainFold(KEPT_PER_DOMAIN, NO_RECORDS), from: covered };
    }
    const remembered = this.#job.memory.take(generation, domainHash, mark);
    if (remembered?.domain === domain) return { ...base, fold: remembered.fold, from: covered };
    const reading = readDomain(domain, { ...this.#job, header: this.#header });
    if (!reading.state) return { domainHash, mark, fold: undefined };
    return { ...base, fold: new DomainFold(KEPT_PER_DOMAIN, reading.state), from: reading.from };
  }
}
