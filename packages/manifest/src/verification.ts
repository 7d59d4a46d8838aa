import type { RunLayout } from './run-layout.js';

/** What is wrong with a record. */
export type VerificationCode =
  | 'journal-altered'
  | 'journal-cut'
  | 'journal-torn'
  | 'journal-missing'
  | 'manifest-altered'
  | 'manifest-missing'
  | 'manifest-damaged'
  | 'file-altered'
  | 'file-cut'
  | 'file-grown'
  | 'file-missing'
  | 'file-unreadable'
  | 'signature-invalid'
  | 'signature-missing';

export interface VerificationFinding {
  readonly code: VerificationCode;
  /** The file, relative to the repository root. */
  readonly path: string;
  /** Of the journal; 1 for the first line. */
  readonly line?: number;
  /** Of the manifest, such as `commands[2].exit_code`. */
  readonly field?: string;
  /** One sentence. */
  readonly message: string;
}

export interface VerificationReport {
  /** `damaged` with at least one finding. */
  readonly verdict: 'intact' | 'damaged';
  /** Whether journal and manifest both say that the run has ended. */
  readonly sealed: boolean;
  readonly findings: readonly VerificationFinding[];
  /** What a reader should know and nobody has to have caused, one sentence each. */
  readonly remarks: readonly string[];
  /** How much there was to check: lines of the journal, files that events name, and their bytes. */
  readonly checked: {
    readonly journalLines: number;
    readonly files: number;
    readonly bytes: number;
  };
  /**
   * `valid`: made with the key that was given. `unchecked`: it fits the record and the key that it
   * names itself, and no key was given to hold it against.
   */
  readonly signature: 'valid' | 'invalid' | 'absent' | 'unchecked';
}

const maxListed = 100;

/** Collects what is found, each list up to a bound. */
export class Verification {
  readonly findings: VerificationFinding[] = [];
  readonly remarks: string[] = [];
  readonly layout: RunLayout;
  #findings = 0;

  constructor(layout: RunLayout) {
    this.layout = layout;
  }

  find(
    code: VerificationCode,
    path: string,
    fact: Pick<VerificationFinding, 'field' | 'line' | 'message'>,
  ): void {
    this.#findings += 1;
    if (this.findings.length >= maxListed) return;
    this.findings.push({ code, path: this.layout.relative(path), ...fact });
  }

  remark(message: string): void {
    this.remarks.push(message);
  }

  get verdict(): VerificationReport['verdict'] {
    return this.#findings === 0 ? 'intact' : 'damaged';
  }

  /** Names how many findings there was no room for. */
  close(): void {
    const more = this.#findings - this.findings.length;
    if (more > 0) this.remark(`There are ${more} more findings.`);
  }
}
