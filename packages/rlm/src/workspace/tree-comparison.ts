import { createSha256, writeFileAtomic } from '@codex-orchestrator/core';

import { RlmError } from '../errors.js';
import type { WorldPorts } from '../loop/ports.js';
import type { Git } from '@codex-orchestrator/exec';
import { maxTextLength, readDifference } from './parse-difference.js';
import type { DifferenceWithStatus } from './parse-difference.js';
import type { PatchFile } from './workspace.js';

export const noDifference: DifferenceWithStatus = {
  files: 0,
  insertions: 0,
  deletions: 0,
  paths: [],
  stat: '',
  status: '',
};

/** Neither a program that the configuration names, nor colours; paths are relative to the root. */
const plain = ['--no-ext-diff', '--no-textconv', '--no-color', '--relative', '-r', '-M'];

/** How far beyond its limit a patch is read, so that a secret at the limit is seen as a whole. */
const overlapBytes = 64 * 1024;

/** Says what lies between trees. Equal trees cost nothing, and the last answers are known. */
export class TreeComparison {
  readonly #git: Git;
  readonly #ports: Pick<WorldPorts, 'fs' | 'random' | 'redact'>;
  readonly #known = new Map<string, DifferenceWithStatus>();

  constructor(git: Git, ports: Pick<WorldPorts, 'fs' | 'random' | 'redact'>) {
    this.#git = git;
    this.#ports = ports;
  }

  /** @throws RlmError `GIT_FAILED` */
  async compare(before: string, after: string): Promise<DifferenceWithStatus> {
    if (before === after) return noDifference;
    const key = `${before} ${after}`;
    const known = this.#known.get(key) ?? (await this.#compare(before, after));
    // Two are asked for in each iteration: from the start, and from the one before.
    if (this.#known.size >= 4) this.#known.clear();
    this.#known.set(key, known);
    return known;
  }

  async #compare(before: string, after: string): Promise<DifferenceWithStatus> {
    const reader = readDifference();
    const argv = ['diff-tree', ...plain, '-z', '--raw', '--numstat', '--stat=90,60,24'];
    const answer = await this.#git([...argv, before, after], { onOutput: reader.push });
    if (answer.exitCode !== 0) {
      throw new RlmError('GIT_FAILED', `Cannot compare two snapshots: ${answer.complaint}`);
    }
    const { redact } = this.#ports;
    const { stat, status, paths, ...sums } = reader.end();
    return {
      ...sums,
      paths: paths.map(redact),
      stat: redact(stat).slice(0, maxTextLength),
      status: redact(status).slice(0, maxTextLength),
    };
  }

  /**
   * Writes a patch with the content of binary files too. Memory is bounded by `maxBytes`.
   *
   * @throws RlmError `GIT_FAILED`; CoreError `ATOMIC_WRITE_FAILED`
   */
  async writePatch(
    { before, after }: { readonly before: string; readonly after: string },
    path: string,
    maxBytes: number,
  ): Promise<PatchFile> {
    const { fs, random, redact } = this.#ports;
    const read = await this.#readPatch(before, after, maxBytes);
    const text = read.toString('utf8');
    const clean = redact(text);
    // What is no UTF-8 stays as it is where there was nothing to take out.
    const whole = clean === text ? read : Buffer.from(clean);
    const content = cutToLines(whole, maxBytes);
    await writeFileAtomic(path, content, { fs, random });
    const sha256 = createSha256().update(content).digest('hex');
    return {
      bytes: content.byteLength,
      sha256,
      truncated: Math.max(read.byteLength, whole.byteLength) > maxBytes,
      redacted: clean !== text,
    };
  }

  async #readPatch(before: string, after: string, maxBytes: number): Promise<Buffer> {
    if (before === after) return Buffer.alloc(0);
    const enough = new AbortController();
    const pieces: Buffer[] = [];
    let length = 0;
    const argv = ['diff-tree', ...plain, '-p', '--binary', '--full-index', before, after];
    const { exitCode, complaint } = await this.#git(argv, {
      signal: enough.signal,
      onOutput: (bytes) => {
        const room = Math.max(maxBytes + overlapBytes - length, 0);
        pieces.push(bytes.subarray(0, room));
        length += bytes.byteLength;
        if (length > maxBytes + overlapBytes) enough.abort();
      },
    });
    if (exitCode !== 0 && !enough.signal.aborted) {
      throw new RlmError('GIT_FAILED', `Cannot make a patch of two snapshots: ${complaint}`);
    }
    return Buffer.concat(pieces);
  }
}

function cutToLines(content: Buffer, maxBytes: number): Buffer {
  if (content.byteLength <= maxBytes) return content;
  const end = content.subarray(0, maxBytes).lastIndexOf('\n');
  return content.subarray(0, end + 1);
}
