import type { ExperienceNote, Experience } from '../record/record.js';
import { compareEntries, entryOf, forgetText } from './entry.js';
import type { Entry } from './entry.js';

/** The best of one domain as far as a log has been read. */
export interface DomainState {
  /** In the order of answers: exactly the first of all records of the domain. */
  readonly kept: readonly Entry[];
  /** Whether there are no others. */
  readonly isWhole: boolean;
  /** Ids of forgotten records, which stay forgotten if their lines are appended again. */
  readonly gone: readonly string[];
}

export const NO_RECORDS: DomainState = { kept: [], isWhole: true, gone: [] };

type MutableEntry = { -readonly [Member in keyof Entry]: Entry[Member] };
type Used = ExperienceNote & { readonly note: 'outcome' };

/**
 * Finds the best records of a domain while its log is read line by line, holding few of them, and counts
 * what notes say of those.
 *
 * Of lines with one id the one counts that comes first in the order of answers, which for a line that was
 * appended twice is the first: so a fold that has let go of a record gives the same answer as one that
 * has not.
 */
export class DomainFold {
  /** Whether anything has changed since the fold was made. */
  isChanged = false;
  /** Notes that a record is to be forgotten. */
  forgotten = 0;
  readonly #most: number;
  readonly #byId = new Map<string, MutableEntry>();
  readonly #gone: Set<string>;
  readonly #kept: MutableEntry[];
  #isWhole: boolean;
  #isSorted = true;
  /** Records from here on in the order of answers have been let go. */
  #floor: Entry | undefined;

  /** @param most Records to keep; with many more than a few hundred, memory for twice as many. */
  constructor(most: number, from: DomainState = NO_RECORDS) {
    this.#most = most;
    this.#kept = from.kept.map((entry) => ({ ...entry }));
    this.#gone = new Set(from.gone);
    this.#isWhole = from.isWhole;
    for (const entry of this.#kept) this.#byId.set(entry.id, entry);
    if (!from.isWhole) this.#floor = this.#kept.at(-1) ?? FIRST_OF_ALL;
  }

  get state(): DomainState {
    this.#sort();
    return { kept: this.#kept, isWhole: this.#isWhole, gone: [...this.#gone] };
  }

  record(record: Experience, place: { offset: number; bytes: number }): void {
    if (this.#gone.has(record.id)) return;
    const entry = entryOf(record, place);
    const before = this.#byId.get(record.id);
    if (before && compareEntries(before, entry) <= 0) return;
    if (this.#floor && compareEntries(this.#floor, entry) <= 0) return;
    if (before) this.#remove(before);
    this.#insert(entry);
  }

  /** @param domain Whose fold it is: an outcome may name records of several. */
  note(note: ExperienceNote, domain: string): void {
    if (note.note === 'outcome') this.#count(note, domain);
    else if (note.domain !== domain) return;
    else if (note.note === 'seen') {
      this.#change(note.id, (entry) => {
        entry.seen++;
      });
    } else if (note.note === 'forgotten') this.#forget(note.id);
    else {
      const pinned = note.note === 'pinned';
      this.#change(note.id, (entry) => {
        entry.pinned = pinned;
      });
    }
  }

  #count({ outcome, used }: Used, domain: string): void {
    const ids = used.filter((reference) => reference.domain === domain).map(({ id }) => id);
    for (const id of new Set(ids)) {
      this.#change(id, (entry) => {
        entry.uses++;
        if (outcome === 'helped') entry.helped++;
        if (outcome === 'harmed') entry.harmed++;
      });
    }
  }

  #change(id: string, change: (entry: MutableEntry) => void): void {
    const entry = this.#byId.get(id);
    if (!entry) return;
    change(entry);
    forgetText(entry);
    this.isChanged = true;
  }

  #forget(id: string): void {
    this.forgotten++;
    if (this.#gone.has(id)) return;
    this.#gone.add(id);
    this.isChanged = true;
    const entry = this.#byId.get(id);
    if (entry) this.#remove(entry);
  }

  #remove(entry: MutableEntry): void {
    this.#byId.delete(entry.id);
    this.#kept.splice(this.#kept.indexOf(entry), 1);
    this.isChanged = true;
  }

  #insert(entry: MutableEntry): void {
    this.#byId.set(entry.id, entry);
    this.isChanged = true;
    if (this.#most > MOST_IN_ORDER) {
      this.#kept.push(entry);
      this.#isSorted = false;
      if (this.#kept.length >= 2 * this.#most) this.#sort();
      return;
    }
    let at = this.#kept.length;
    while (at > 0 && compareEntries(entry, this.#kept[at - 1] ?? entry) < 0) at--;
    this.#kept.splice(at, 0, entry);
    this.#cut();
  }

  #sort(): void {
    if (this.#isSorted) return;
    this.#kept.sort(compareEntries);
    this.#isSorted = true;
    this.#cut();
  }

  #cut(): void {
    if (this.#kept.length <= this.#most) return;
    for (const entry of this.#kept.splice(this.#most)) this.#byId.delete(entry.id);
    this.#isWhole = false;
    this.#floor = this.#kept.at(-1);
  }
}

/** Up to here, keeping the order while inserting is the quickest. */
const MOST_IN_ORDER = 256;

/** Of whose domain nothing is known: any record may come behind it. */
const FIRST_OF_ALL: Entry = {
  offset: -1,
  bytes: 0,
  score: Infinity,
  createdAt: '\uFFFF',
  id: '',
  seen: 0,
  uses: 0,
  helped: 0,
  harmed: 0,
  pinned: false,
};
