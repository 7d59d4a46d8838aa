import { scoreOf } from '../record/record.js';
import type { Counters, Experience, ExperienceNote, RecordReference } from '../record/record.js';

/** Where a record stands in the log. */
export interface RecordPlace {
  readonly offset: number;
  /** Its line on disk, the newline included. */
  readonly bytes: number;
  /** Whether its line says which one of a batch it is. */
  readonly isFramed: boolean;
}

/** What is known of a record without its text. */
export interface RecordFacts<Detail = undefined> extends RecordPlace, Counters {
  readonly id: string;
  readonly domain: string;
  readonly score: number;
  readonly createdAt: string;
  readonly pinned: boolean;
  readonly forgotten: boolean;
  /** Whether notes say something of it that its line does not. */
  readonly isNoted: boolean;
  readonly detail: Detail;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** The records of a log, to which notes are applied as they come. */
export class RecordTable<Detail> {
  readonly records: RecordFacts<Detail>[] = [];
  readonly #domains = new Map<string, DomainRecords<Detail>>();

  /** Returns false where an earlier record of the domain has the id; the later one does not count. */
  add(record: Experience, place: RecordPlace, detailOf: (record: Experience) => Detail): boolean {
    const { id } = record;
    const ids = this.#idsOf(record.domain);
    if (ids.map.has(id)) return false;
    const facts: Mutable<RecordFacts<Detail>> = {
      offset: place.offset,
      bytes: place.bytes,
      isFramed: place.isFramed,
      id,
      domain: ids.domain,
      score: scoreOf(record.reward),
      createdAt: record.createdAt,
      seen: record.seen,
      uses: record.uses,
      helped: record.helped,
      harmed: record.harmed,
      pinned: record.pinned,
      forgotten: false,
      isNoted: false,
      detail: detailOf(record),
    };
    ids.map.set(id, facts);
    this.records.push(facts);
    return true;
  }

  note(note: ExperienceNote): void {
    if (note.note !== 'outcome') {
      this.#apply(note, (facts) => {
        if (note.note === 'seen') facts.seen += 1;
        else if (note.note === 'forgotten') facts.forgotten = true;
        else facts.pinned = note.note === 'pinned';
      });
      return;
    }
    for (const reference of note.used) {
      this.#apply(reference, (facts) => {
        facts.uses += 1;
        if (note.outcome !== 'neutral') facts[note.outcome] += 1;
      });
    }
  }

  #apply(
    { id, domain }: RecordReference,
    change: (facts: Mutable<RecordFacts<Detail>>) => void,
  ): void {
    const facts = this.#domains.get(domain)?.map.get(id);
    if (!facts) return;
    facts.isNoted = true;
    change(facts);
  }

  #idsOf(domain: string): DomainRecords<Detail> {
    const known = this.#domains.get(domain);
    if (known) return known;
    const made = { domain, map: new Map<string, Mutable<RecordFacts<Detail>>>() };
    this.#domains.set(domain, made);
    return made;
  }
}

interface DomainRecords<Detail> {
  /** One string for all its records: each line brings a copy. */
  readonly domain: string;
  readonly map: Map<string, Mutable<RecordFacts<Detail>>>;
}
