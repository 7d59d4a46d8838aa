import { dirname } from 'node:path';

import { codeOf, CoreError, messageOf, readFile, writeFileAtomic } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import type { OutputMark } from '../checkpoint/checkpoint.js';
import { checksumText } from '../checkpoint/checksum.js';
import { MetricsError } from '../errors.js';
import type { BaselineDocument, Documents } from '../fold/document-types.js';
import type { MetricsLayout } from '../layout.js';
import type { UpdatePorts } from './updater-lock.js';

/** Stands for the time in what is compared. */
export const UNDATED = '';

export interface WrittenOutputs {
  /** By the names in `outputPaths`. */
  readonly marks: Readonly<Record<string, OutputMark>>;
  readonly paths: readonly string[];
}

/** The documents whose content moves on, and where each lies. */
export function outputPaths(
  layout: MetricsLayout,
): Readonly<Record<Exclude<keyof Documents, 'baseline'>, string>> {
  return {
    postRollout: layout.postRolloutPath,
    completeness: layout.completenessPath,
    perEpoch: layout.perEpochPath,
    mttrDelta: layout.mttrDeltaPath,
    learningState: layout.learningStatePath,
    summary: layout.summaryPath,
  };
}

/** Paths of the documents that do not lie there as they were written. */
export function findMovedOutputs(
  layout: MetricsLayout,
  marks: Readonly<Record<string, OutputMark>>,
  fs: FileSystem,
): string[] {
  return Object.entries(outputPaths(layout)).flatMap(([name, path]) => {
    const mark = marks[name];
    return mark === undefined || isInPlace(path, mark, fs) ? [] : [path];
  });
}

/** The texts of documents, undated. */
export type OutputTexts = { readonly [Name in keyof Documents]?: string };

/** A document as it is written. */
export function textOf(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

/**
 * Writes the documents that say something else than those on disk, each as a whole. A crash in between
 * leaves some that are newer than the checkpoint; the next update comes to the same ones.
 *
 * @throws MetricsError `OUTPUT_WRITE_FAILED`.
 */
export async function writeOutputs(
  layout: MetricsLayout,
  { baseline, ...texts }: OutputTexts,
  known: Readonly<Record<string, OutputMark>>,
  ports: UpdatePorts,
): Promise<WrittenOutputs> {
  const marks: Record<string, OutputMark> = { ...known };
  const written: string[] = [];
  if (baseline !== undefined) {
    await replace(layout.baselinePath, baseline, ports);
    written.push(layout.baselinePath);
  }
  const paths = outputPaths(layout);
  const updatedAt = new Date(ports.clock.nowMs()).toISOString();
  for (const [name, path] of Object.entries(paths) as [keyof typeof paths, string][]) {
    const text = texts[name];
    if (text === undefined) continue;
    const digest = digestOf(text);
    const mark = known[name];
    if (mark?.digest === digest && isInPlace(path, mark, ports.fs)) continue;
    await replace(path, dated(text, updatedAt), ports);
    marks[name] = { digest, ...statOf(path, ports.fs) };
    written.push(path);
  }
  return { marks, paths: written };
}

/** `undefined` where there is none, null where nothing can be read from it. */
export function readBaselineFile(
  layout: MetricsLayout,
  fs: FileSystem,
): BaselineDocument | null | undefined {
  try {
    const value: unknown = JSON.parse(readFile(fs, layout.baselinePath, 1024 * 1024).toString());
    return isObject(value) ? withNumericDuration(value) : null;
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? undefined : null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What somebody else wrote there may be anything. */
function withNumericDuration(value: Record<string, unknown>): BaselineDocument {
  const { duration_seconds: duration, ...others } = value;
  return (Number.isFinite(duration) ? value : others) as unknown as BaselineDocument;
}

/** The member is the only one of its depth with that name, and a text cannot hold a line break. */
function dated(text: string, updatedAt: string): string {
  return text.replace(`\n  "updated_at": "${UNDATED}"`, `\n  "updated_at": "${updatedAt}"`);
}

function digestOf(text: string): string {
  return `${checksumText(Buffer.from(text))}-${text.length}`;
}

/** Whether a document lies there as it was written. */
export function isInPlace(path: string, mark: OutputMark, fs: FileSystem): boolean {
  try {
    const { bytes, mtime_ms, inode } = statOf(path, fs);
    return bytes === mark.bytes && mtime_ms === mark.mtime_ms && inode === mark.inode;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

function statOf(path: string, fs: FileSystem): Omit<OutputMark, 'digest'> {
  const { size, mtimeMs, ino } = fs.stat(path);
  return { bytes: size, mtime_ms: mtimeMs, inode: ino };
}

/** As `writeFileAtomic`, in a folder that may still have to be made. */
export async function replace(
  path: string,
  content: string | Uint8Array,
  { fs, clock, random }: UpdatePorts,
): Promise<void> {
  const write = (): Promise<unknown> => writeFileAtomic(path, content, { fs, clock, random });
  try {
    await write().catch(async (error: unknown) => {
      if (!(error instanceof CoreError) || error.errno !== 'ENOENT') throw error;
      fs.mkdir(dirname(path), { recursive: true });
      await write();
    });
  } catch (cause) {
    const message = `Cannot write the aggregates "${path}": ${messageOf(cause)}`;
    throw new MetricsError('OUTPUT_WRITE_FAILED', message, { path, cause });
  }
}
