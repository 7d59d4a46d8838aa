import type { DomainState } from './domain-fold.js';
import { textOfEntry, unpackEntry } from './entry.js';
import type { Entry } from './entry.js';
import { openSealed, sealText } from './sealed-json.js';

/** How many of a domain's best records the index keeps. */
export const KEPT_PER_DOMAIN = 32;

/** A larger one is left unwritten and unread: a look-up of its domain reads the log. */
export const MAX_DOMAIN_FILE_BYTES = 2 ** 20;

/** What the index has of one domain. */
export interface DomainFile extends DomainState {
  /** Of the index; a file of another one says nothing. */
  readonly generation: string;
  readonly domain: string;
  /** How much of the log its records come from. */
  readonly covered: number;
  /** Of that much of the log. */
  readonly fingerprint: string;
}

export function encodeDomainFile(file: DomainFile): string {
  const { generation, domain, covered, fingerprint, kept, isWhole, gone } = file;
  const head = JSON.stringify({ generation, domain, covered, fingerprint, whole: isWhole, gone });
  return sealText(`${head.slice(0, -1)},"kept":[${kept.map(textOfEntry).join(',')}]}`);
}

export interface SealedDomainFile extends DomainFile {
  readonly checksum: number;
}

/** `undefined` for a file that is torn or damaged. */
export function decodeDomainFile(bytes: Buffer): SealedDomainFile | undefined {
  const sealed = openSealed(bytes);
  if (!sealed) return undefined;
  const { generation, domain, covered, fingerprint, whole, gone, kept } = sealed.members;
  if (typeof generation !== 'string' || typeof domain !== 'string') return undefined;
  if (typeof covered !== 'number' || typeof fingerprint !== 'string') return undefined;
  if (typeof whole !== 'boolean' || !Array.isArray(gone) || !Array.isArray(kept)) return undefined;
  const entries: Entry[] = [];
  for (const packed of kept as unknown[]) {
    const entry = unpackEntry(packed);
    if (!entry) return undefined;
    entries.push(entry);
  }
  return {
    ...{ generation, domain, covered, fingerprint, checksum: sealed.checksum },
    ...{ kept: entries, isWhole: whole, gone: gone as string[] },
  };
}
