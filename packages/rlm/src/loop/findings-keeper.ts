import { readFile } from '@codex-orchestrator/core';

import type { Findings } from '../findings/findings.js';
import { mergeFindings } from '../findings/merge-findings.js';
import { parseFindings } from '../findings/read-findings.js';
import { renderFindings } from '../findings/render-findings.js';
import type { LoopFiles } from './loop-files.js';
import type { LoopPorts } from './loop-ports.js';
import { writeOwnFile, writeOwnJson } from './own-place.js';
import type { EvidenceFile } from './own-place.js';

export interface WrittenFindings {
  readonly count: number;
  readonly files: readonly EvidenceFile[];
}

/** What is read back of one iteration. */
const maxFileBytes = 4 * 1024 * 1024;

/** Collects what iterations found and writes it once, at the end. */
export class FindingsKeeper {
  readonly #files: LoopFiles;
  readonly #ports: LoopPorts;
  readonly #goal: string;
  readonly #all: Findings[] = [];

  constructor(
    goal: string,
    { files, ports }: { readonly files: LoopFiles; readonly ports: LoopPorts },
  ) {
    this.#goal = goal;
    this.#files = files;
    this.#ports = ports;
    this.#readEarlier();
  }

  add(findings: Findings): void {
    this.#all.push(findings);
  }

  /** Writes nothing where nothing was found. */
  async write(): Promise<WrittenFindings> {
    if (this.#all.length === 0) return { count: 0, files: [] };
    const { clock } = this.#ports;
    const generatedAt = new Date(clock.nowMs()).toISOString();
    const merged = mergeFindings(this.#all, { goal: this.#goal, generatedAt });
    const { findingsPath, findingsPagePath } = this.#files;
    const files = [
      await writeOwnJson(findingsPath, merged, this.#ports),
      await writeOwnFile(findingsPagePath, renderFindings(merged), this.#ports),
    ];
    return { count: merged.findings.length, files };
  }

  /** Of a loop that goes on. A file that cannot be read any more costs itself. */
  #readEarlier(): void {
    for (const { n, findings } of this.#ports.history?.iterations ?? []) {
      if (findings === 0) continue;
      try {
        const path = this.#files.iterationFindingsPath(n);
        // A pipe in its place would never answer.
        if (!this.#ports.fs.lstat(path).isFile()) throw new Error('it is no file');
        const bytes = readFile(this.#ports.fs, path, maxFileBytes);
        const parsed = parseFindings(JSON.parse(String(bytes)));
        if (parsed.ok) this.#all.push(parsed.value);
      } catch {
        this.#ports.tell(`The findings of iteration ${n} cannot be read any more.`);
      }
    }
  }
}
