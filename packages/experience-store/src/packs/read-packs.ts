import { join } from 'node:path';

import { codeOf, messageOf, nodeFileSystem } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import { compareText } from '../compare-text.js';
import { checkManifest } from './check-manifest.js';
import type { PackManifest } from './check-manifest.js';
import { quoteArgument, shown, shownPath } from './check-values.js';
import { createContainedReader } from './contained-file.js';
import type { ContainedReader, FileReading } from './contained-file.js';
import { inStampOrder, stampOf } from './pack-stamp.js';
import { MAX_FILE_BYTES, MAX_PACKS, packsFolder } from './prompt-pack.js';
import type { PackProblem, PackProblemCode, PackSource, PromptPack } from './prompt-pack.js';

/** A pack as it lies on the disk, right or wrong. */
export interface PackReading {
  /** Relative to the root, with `/`. */
  readonly manifestPath: string;
  readonly id: string | null;
  /** `undefined` where it cannot be used at all, stamped or not: `problems` says why. */
  readonly pack: PromptPack | undefined;
  /** Where there is a pack: what its manifest says, and the text of it. */
  readonly manifest: PackManifest | undefined;
  readonly text: string;
  readonly problems: readonly PackProblem[];
}

export interface PacksReading {
  /** By the names of their folders. */
  readonly readings: readonly PackReading[];
  /** What is wrong with the folder of packs, and with packs among each other. */
  readonly problems: readonly PackProblem[];
}

interface ReadContext {
  readonly read: ContainedReader;
  /** The sources read so far, trimmed: many packs and sections may name one. */
  readonly sources: Map<string, FileReading>;
}

/** All packs below a root, good and bad. Never throws. Without the folder: one failed `readdir`. */
export function readPacks(root: string, fs: FileSystem = nodeFileSystem): PacksReading {
  let names: string[];
  try {
    names = fs.readdir(join(root, packsFolder));
  } catch (error) {
    return { readings: [], problems: codeOf(error) === 'ENOENT' ? [] : [unlisted(error)] };
  }
  const read = createContainedReader({ root, fs, maxBytes: MAX_FILE_BYTES });
  const context: ReadContext = { read, sources: new Map() };
  const readings: PackReading[] = [];
  for (const name of names.sort(compareText)) {
    const reading = readPack(context, `${packsFolder}/${name}/manifest.json`);
    if (!reading) continue;
    if (readings.length === MAX_PACKS) {
      return { readings, problems: [...repetitions(readings), tooMany(reading.manifestPath)] };
    }
    readings.push(reading);
  }
  return { readings, problems: repetitions(readings) };
}

/** `undefined`: what lies there is no pack, but a note or an empty folder. */
function readPack(context: ReadContext, manifestPath: string): PackReading | undefined {
  const file = context.read(manifestPath);
  if (file.kind === 'missing') return undefined;
  const nothing = { manifestPath, id: null, pack: undefined, manifest: undefined, text: '' };
  if (file.kind === 'unusable') {
    return { ...nothing, problems: [unreadable(manifestPath, file.detail)] };
  }
  const { text } = file;
  const value = parse(text);
  if (value instanceof SyntaxError) {
    const detail = `it is not JSON: ${value.message}`;
    return { ...nothing, text, problems: [unreadable(manifestPath, detail)] };
  }
  const { manifest, id, faults, settingFaults } = checkManifest(value);
  const at = { packId: id, path: manifestPath };
  const problems = [
    ...faults.map((fault) => invalid(at, fault)),
    ...settingFaults.map((fault) => setting(at, fault)),
  ];
  if (!manifest) return { ...nothing, id, text, problems };
  const { sources, problems: missing } = readSources(context, manifest, manifestPath);
  problems.push(...missing);
  if (missing.length > 0) return { ...nothing, id, text, problems };
  const pack = buildPack(manifest, manifestPath, sources);
  if (!pack.isStamped) problems.push(unstamped(pack, manifest.declaredStamp));
  return { manifestPath, id, pack, manifest, text, problems };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text) as unknown;
  } catch (error) {
    return error instanceof SyntaxError ? error : new SyntaxError(messageOf(error));
  }
}

function readSources(
  context: ReadContext,
  manifest: PackManifest,
  manifestPath: string,
): { readonly sources: PackSource[]; readonly problems: PackProblem[] } {
  const sources: PackSource[] = [];
  const problems = new Map<string, PackProblem>();
  for (const member of inStampOrder(manifest.members)) {
    const { path } = member;
    const file = readSource(context, path);
    if (file.kind === 'text' && file.text !== '') sources.push({ ...member, content: file.text });
    else problems.set(path, sourceProblem(manifest.id, { path, manifestPath, file }));
  }
  return { sources, problems: [...problems.values()] };
}

function readSource({ read, sources }: ReadContext, path: string): FileReading {
  const known = sources.get(path);
  if (known) return known;
  const file = read(path);
  const source: FileReading = file.kind === 'text' ? { ...file, text: file.text.trim() } : file;
  sources.set(path, source);
  return source;
}

function buildPack(
  manifest: PackManifest,
  manifestPath: string,
  sources: readonly PackSource[],
): PromptPack {
  const { id, domain, experienceSlots, policy, minReward, declaredStamp } = manifest;
  const declared = typeof declaredStamp === 'string' ? declaredStamp.toLowerCase() : undefined;
  const own = stampOf(sources);
  const settings = declared === own ? undefined : manifest.settings();
  const isStamped =
    declared === own || (settings !== undefined && declared === stampOf(sources, settings));
  return {
    ...{ id, domain, stamp: isStamped ? declared : own },
    ...{ experienceSlots, policy, minReward, sources, manifestPath, isStamped },
  };
}

function repetitions(readings: readonly PackReading[]): PackProblem[] {
  const first = new Map<string, string>();
  const problems: PackProblem[] = [];
  for (const { id, manifestPath } of readings) {
    if (id === null) continue;
    const other = first.get(id);
    if (other === undefined) first.set(id, manifestPath);
    else problems.push(repeated(id, manifestPath, other));
  }
  return problems;
}

/** As a reader calls a pack: by its id, where it has one. */
function nameOf(packId: string | null, path: string): string {
  const place = shownPath(path);
  return packId === null ? `The pack of ${place}` : `Pack ${shown(packId)} (${place})`;
}

export function stampCommand(id: string): string {
  return `codex-orchestrator packs stamp ${quoteArgument(id)}`;
}

interface ProblemPlace {
  readonly packId: string | null;
  readonly path: string;
}

export function packProblem(
  code: PackProblemCode,
  { packId, path }: ProblemPlace,
  message: string,
): PackProblem {
  return { code, packId, path, message };
}

function unlisted(error: unknown): PackProblem {
  const message = `No prompt pack is used: ${packsFolder} cannot be listed: ${messageOf(error)}. Make it a folder that can be read, or remove it.`;
  return packProblem('FOLDER_UNREADABLE', { packId: null, path: packsFolder }, message);
}

function tooMany(path: string): PackProblem {
  const message = `${packsFolder} has more than ${MAX_PACKS} packs: ${shownPath(path)} and what comes behind it is not used. Remove what is not needed.`;
  return packProblem('TOO_MANY_PACKS', { packId: null, path }, message);
}

function unreadable(path: string, detail: string): PackProblem {
  const message = `${nameOf(null, path)} is not used: expected a JSON file, but ${detail}. Mend the file, then run: codex-orchestrator packs check`;
  return packProblem('MANIFEST_UNREADABLE', { packId: null, path }, message);
}

function invalid(at: ProblemPlace, fault: string): PackProblem {
  const command = at.packId === null ? 'codex-orchestrator packs check' : stampCommand(at.packId);
  const message = `${nameOf(at.packId, at.path)} is not used: ${fault}. Mend the file, then run: ${command}`;
  return packProblem('MANIFEST_INVALID', at, message);
}

function setting(at: ProblemPlace, fault: string): PackProblem {
  const message = `${nameOf(at.packId, at.path)}: ${fault}. Mend the file, then run: codex-orchestrator packs check`;
  return packProblem('SETTING_INVALID', at, message);
}

function sourceProblem(
  packId: string,
  about: { readonly path: string; readonly manifestPath: string; readonly file: FileReading },
): PackProblem {
  const { path, manifestPath, file } = about;
  const [code, what]: [PackProblemCode, string] =
    file.kind === 'missing'
      ? ['SOURCE_MISSING', 'there is none']
      : file.kind === 'unusable'
        ? ['SOURCE_UNUSABLE', file.detail]
        : ['SOURCE_EMPTY', 'it holds nothing but white space'];
  const message = `${nameOf(packId, manifestPath)} is not used: expected a text file at ${path}, but ${what}. Mend the file or take it out of the manifest, then run: ${stampCommand(packId)}`;
  return packProblem(code, { packId, path }, message);
}

/** What changed behind a stamp is not what somebody approved, so nobody is shown it. */
function unstamped(pack: PromptPack, declared: unknown): PackProblem {
  const { id, manifestPath, stamp } = pack;
  const isMissing = declared === undefined || declared === null || declared === '';
  const isStamp = typeof declared === 'string' && /^[0-9a-f]{64}$/i.test(declared);
  const why = isStamp
    ? 'something that it covers was changed since somebody approved it'
    : 'a stamp has 64 hexadecimal digits';
  const expected = `expected ${stamp} for its sources as they are`;
  const what = isMissing
    ? `it has no stamp, ${expected}`
    : `its stamp is ${shown(declared)}, ${expected}: ${why}`;
  const message = `${nameOf(id, manifestPath)} is not used: ${what}. Review its sources, then run: ${stampCommand(id)}`;
  const code = isMissing ? 'STAMP_MISSING' : 'STAMP_WRONG';
  return packProblem(code, { packId: id, path: manifestPath }, message);
}

function repeated(packId: string, path: string, other: string): PackProblem {
  const message = `${nameOf(packId, path)} has the id of ${shownPath(other)}: expected every pack to have its own. The first one that is stamped rightly is used. Give one another id, then run: codex-orchestrator packs check`;
  return packProblem('ID_REPEATED', { packId, path }, message);
}
