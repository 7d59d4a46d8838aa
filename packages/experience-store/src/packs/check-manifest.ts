import { posix } from 'node:path';

import { isObject } from '../record/member-values.js';
import { hasControlCharacter, isPlainPath, ownMember, shown } from './check-values.js';
import { MAX_SOURCES, packPolicies, packSections } from './prompt-pack.js';
import type { PackMember, PackPolicy, PackSection } from './prompt-pack.js';
import { settingsLine } from './stamped-settings.js';

/** What a `manifest.json` says, checked. */
export interface PackManifest {
  readonly id: string;
  readonly domain: string;
  /** As it stands in the file, whatever it is. */
  readonly declaredStamp: unknown;
  readonly experienceSlots: number;
  readonly policy: PackPolicy | null;
  readonly minReward: number | null;
  /** In the order of the file, sections in stamp order. */
  readonly members: readonly PackMember[];
  /** The line that stamps of the form `settings` cover; `undefined` where there is no such form of it. */
  readonly settings: () => string | undefined;
}

export interface ManifestCheck {
  /** `undefined` where `faults` says why. */
  readonly manifest: PackManifest | undefined;
  /** The id, where the file has one, even if the rest is wrong. */
  readonly id: string | null;
  /** Why the pack cannot be used, a clause each. */
  readonly faults: readonly string[];
  /** Settings that are not what they should be; the pack is used without them. A clause each. */
  readonly settingFaults: readonly string[];
}

type Members = Readonly<Record<string, unknown>>;

const MAX_NAME_LENGTH = 256;
const MAX_PATH_LENGTH = 4096;

/** Checks any value as the manifest of a pack. Members that it does not know are no fault. */
export function checkManifest(value: unknown): ManifestCheck {
  if (!isObject(value)) {
    const fault = `expected an object with id, domain, system and stamp, found ${shown(value)}`;
    return { manifest: undefined, id: null, faults: [fault], settingFaults: [] };
  }
  const faults: string[] = [];
  const settingFaults: string[] = [];
  const id = readName(value, 'id', faults);
  const domain = readName(value, 'domain', faults)?.trim();
  const members = readMembers(value, faults);
  const settings = readSettings(value, settingFaults);
  const isUsable = id !== undefined && domain !== undefined && faults.length === 0;
  return {
    manifest: isUsable
      ? { id, domain, members, declaredStamp: ownMember(value, 'stamp'), ...settings }
      : undefined,
    id: id ?? null,
    faults,
    settingFaults,
  };
}

function readName(value: Members, name: string, faults: string[]): string | undefined {
  const text = ownMember(value, name);
  const isName =
    typeof text === 'string' &&
    text.trim() !== '' &&
    text.length <= MAX_NAME_LENGTH &&
    !hasControlCharacter(text);
  if (isName) return text;
  faults.push(
    `expected ${name} to be a text of 1 to ${MAX_NAME_LENGTH} printable characters, found ${shown(text)}`,
  );
  return undefined;
}

function readMembers(value: Members, faults: string[]): PackMember[] {
  const members = packSections.flatMap((section) => readSection(value, section, faults));
  if (members.length <= MAX_SOURCES) return members;
  faults.push(`expected at most ${MAX_SOURCES} sources, found ${members.length}`);
  return [];
}

function readSection(value: Members, section: PackSection, faults: string[]): PackMember[] {
  const given = ownMember(value, section);
  if (section !== 'system' && (given === undefined || given === null)) return [];
  const paths: unknown = section === 'system' ? [given] : given;
  if (!Array.isArray(paths)) {
    faults.push(`expected ${section} to be a list of paths, found ${shown(given)}`);
    return [];
  }
  return paths.flatMap((path: unknown, at) => {
    const place = section === 'system' ? section : `${section}[${at}]`;
    const read = readPath(path);
    if (read !== undefined) return [{ section, path: read }];
    faults.push(
      `expected ${place} to be the path of a file, relative to the root and inside it, found ${shown(path)}`,
    );
    return [];
  });
}

/** The path as stamps and reports name it, or `undefined` where it is none or says itself that it leads out. */
function readPath(path: unknown): string | undefined {
  if (typeof path !== 'string' || path.trim() === '' || path.length > MAX_PATH_LENGTH) {
    return undefined;
  }
  // A line break in a path could pass for the end of a path and the beginning of another content.
  if (hasControlCharacter(path)) return undefined;
  if (isPlainPath(path)) return path;
  if (isAbsolute(path)) return undefined;
  const normal = posix.normalize(path);
  const leaves = normal === '..' || normal.startsWith('../');
  return leaves || normal === '.' || normal === './' ? undefined : normal;
}

/** On any platform: a pack is the same on all of them. */
function isAbsolute(path: string): boolean {
  return path.startsWith('/') || path.startsWith('\\') || /^[A-Za-z]:/.test(path);
}

type Settings = Pick<PackManifest, 'experienceSlots' | 'policy' | 'minReward' | 'settings'>;

function readSettings(value: Members, faults: string[]): Settings {
  const slots = ownMember(value, 'experienceSlots');
  const policy = ownMember(value, 'policy');
  const minReward = ownMember(value, 'minReward');
  const areSlots = Number.isSafeInteger(slots) && Number(slots) >= 0;
  if (!areSlots && slots !== undefined) {
    faults.push(
      `expected experienceSlots to be an integer of at least 0, found ${shown(slots)}, so 0 counts`,
    );
  }
  const known = packPolicies.find((name) => name === policy);
  if (known === undefined && policy !== undefined) {
    faults.push(
      `expected policy to be one of ${packPolicies.join(', ')}, found ${shown(policy)}, so the usual one counts`,
    );
  }
  const isReward = typeof minReward === 'number' && Number.isFinite(minReward);
  if (!isReward && minReward !== undefined) {
    faults.push(
      `expected minReward to be a finite number, found ${shown(minReward)}, so there is no lower bound`,
    );
  }
  const experienceSlots = areSlots ? Number(slots) : 0;
  const canBeCovered = areSlots || slots === undefined;
  return {
    experienceSlots,
    policy: known ?? null,
    minReward: isReward ? minReward : null,
    // Most packs are never asked for it.
    settings: () =>
      canBeCovered ? settingsLine(experienceSlots, ownMember(value, 'retrievalPolicy')) : undefined,
  };
}
