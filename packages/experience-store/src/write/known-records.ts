import type { ExperienceNote, ExperienceRecord } from '../record/record.js';
import { contentHashOf, signatureOf } from '../record/similarity.js';
import type { Signature } from '../record/similarity.js';
import { RecentTexts } from './recent-texts.js';
import type { AlikeRecord } from './recent-texts.js';
import type { KnownRecord } from './write-view.js';

/** A record that stands in the log, as far as it matters for finding duplicates of it. */
export interface WrittenRecord {
  readonly id: string;
  readonly domain: string;
  readonly contentHash: string;
  readonly signature: Signature;
}

/** @param signature Where it is known already. */
export function writtenRecordOf(record: ExperienceRecord, signature?: Signature): WrittenRecord {
  const { id, domain, summary32 } = record;
  // Lines of other writers have no hash.
  const contentHash = record.contentHash ?? contentHashOf(domain, summary32);
  return { id, domain, contentHash, signature: signature ?? signatureOf(summary32) };
}

export interface KnownRecordsSource {
  /** The best records of a domain from the index. */
  candidates(domain: string): readonly KnownRecord[];
  /** The id of a record with this content that the index knows. */
  findContent(contentHash: string): string | undefined;
}

/** What is known of a log: from the index what it says when asked, and all that stands behind it. */
export class KnownRecords {
  readonly #source: KnownRecordsSource;
  /** Ids by content. */
  readonly #contents = new Map<string, string>();
  readonly #domains = new Map<string, RecentTexts>();
  readonly #forgotten = new Set<string>();

  constructor(source: KnownRecordsSource) {
    this.#source = source;
  }

  /** A measure of the memory that this takes. */
  get size(): number {
    return this.#contents.size + this.#domains.size + this.#forgotten.size;
  }

  add(record: WrittenRecord): void {
    const { id, domain, contentHash, signature } = record;
    // Nobody is told the second of two that say the same, and an own line may be read once more.
    if (this.#contents.has(contentHash)) return;
    this.#contents.set(contentHash, id);
    this.#textsOf(domain).add({ id, signature });
  }

  /** Takes notice of what happened to a record. */
  note(note: ExperienceNote): void {
    if (note.note !== 'forgotten') return;
    this.#forgotten.add(note.id);
    this.#domains.get(note.domain)?.remove(note.id);
    // Notes are rare, and a content is looked for by its hash.
    for (const [hash, id] of this.#contents) if (id === note.id) this.#contents.delete(hash);
  }

  /** The record that says the same, in its words or nearly so. */
  find(
    record: Pick<WrittenRecord, 'domain' | 'contentHash' | 'signature'>,
    threshold: number,
  ): AlikeRecord | undefined {
    const { domain, contentHash, signature } = record;
    const id = this.#contents.get(contentHash) ?? this.#indexed(contentHash);
    if (id !== undefined) return { id, similarity: 1 };
    return this.#textsOf(domain).closest(signature, threshold);
  }

  #indexed(contentHash: string): string | undefined {
    const id = this.#source.findContent(contentHash);
    if (id === undefined || this.#forgotten.has(id)) return undefined;
    this.#contents.set(contentHash, id);
    return id;
  }

  #textsOf(domain: string): RecentTexts {
    let texts = this.#domains.get(domain);
    if (texts === undefined) {
      const best = this.#source.candidates(domain).filter(({ id }) => !this.#forgotten.has(id));
      texts = new RecentTexts(best.map(({ id, text }) => ({ id, signature: signatureOf(text) })));
      this.#domains.set(domain, texts);
    }
    return texts;
  }
}
