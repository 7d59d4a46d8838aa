import { openSealed, sealJson } from './sealed-json.js';
import type { SealedJson } from './sealed-json.js';

const VERSION = 1;

/** What the index says of itself. */
export interface IndexHeader {
  /** New with each index that is built from nothing. */
  readonly generation: string;
  /** Counts the changes of one generation: of two that are there, the later one holds. */
  readonly sequence: number;
  /** How much of the log it is made from: whole lines and whole batches. */
  readonly covered: number;
  /** Of that much of the log. */
  readonly fingerprint: string;
  /** Whether every domain has a file that has records below `covered`. */
  readonly complete: boolean;
  readonly domains: DomainMarks;
}

/** The mark of a domain whose file has not all that it should have: no file has this checksum. */
export const UNUSABLE = 0;

/** For every domain file, by the first half of its hash, the checksum that it had last. */
export class DomainMarks {
  /** Pairs of hash and checksum, ascending by hash, so that one look-up reads a few of them. */
  readonly #pairs: Buffer;

  private constructor(pairs: Buffer) {
    this.#pairs = pairs;
  }

  static of(marks: ReadonlyMap<string, number>): DomainMarks {
    return new DomainMarks(Buffer.alloc(0)).with(marks);
  }

  static decode(text: string): DomainMarks {
    const bytes = Buffer.from(text, 'base64');
    return new DomainMarks(bytes.subarray(0, bytes.byteLength - (bytes.byteLength % PAIR_BYTES)));
  }

  encode(): string {
    return this.#pairs.toString('base64');
  }

  get count(): number {
    return this.#pairs.byteLength / PAIR_BYTES;
  }

  /** `undefined` for a domain without a file. */
  markOf(domainHash: string): number | undefined {
    const key = keyOf(domainHash);
    const at = this.#placeOf(key);
    return this.#keyAt(at) === key ? this.#pairs.readUInt32LE(at * PAIR_BYTES + 4) : undefined;
  }

  with(changes: ReadonlyMap<string, number>): DomainMarks {
    const changed = Buffer.from(this.#pairs);
    const added: [key: number, mark: number][] = [];
    for (const [domainHash, mark] of changes) {
      const key = keyOf(domainHash);
      const at = this.#placeOf(key);
      if (this.#keyAt(at) === key) changed.writeUInt32LE(mark, at * PAIR_BYTES + 4);
      else added.push([key, mark]);
    }
    return new DomainMarks(added.length === 0 ? changed : merge(changed, added));
  }

  /** The number of smaller keys. */
  #placeOf(key: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#keyAt(middle) ?? key) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #keyAt(nth: number): number | undefined {
    return nth < this.count ? this.#pairs.readUInt32LE(nth * PAIR_BYTES) : undefined;
  }
}

const PAIR_BYTES = 8;

function merge(pairs: Buffer, added: readonly [key: number, mark: number][]): Buffer {
  const all = new Map<number, number>();
  for (let at = 0; at < pairs.byteLength; at += PAIR_BYTES) {
    all.set(pairs.readUInt32LE(at), pairs.readUInt32LE(at + 4));
  }
  for (const [key, mark] of added) all.set(key, mark);
  const merged = Buffer.allocUnsafe(all.size * PAIR_BYTES);
  [...all.entries()]
    .sort(([a], [b]) => a - b)
    .forEach(([key, mark], nth) => {
      merged.writeUInt32LE(key, nth * PAIR_BYTES);
      merged.writeUInt32LE(mark, nth * PAIR_BYTES + 4);
    });
  return merged;
}

function keyOf(domainHash: string): number {
  return Number.parseInt(domainHash.slice(0, 8), 16);
}

export function encodeHeader(header: IndexHeader): string {
  const { generation, sequence, covered, fingerprint, complete, domains } = header;
  const members = { v: VERSION, generation, sequence, covered, fingerprint, complete };
  return sealJson({ ...members, domains: domains.encode() });
}

/** A file of headers: the later of two halves, one of which may be torn. */
export function decodeHeaderFile(bytes: Buffer): IndexHeader | string {
  const middle = bytes.byteLength >>> 1;
  const first = bytes.subarray(0, middle);
  const second = bytes.subarray(middle);
  const isFirst = !(sequenceOf(second) > sequenceOf(first));
  const sealed = openSealed(isFirst ? first : second) ?? openSealed(isFirst ? second : first);
  return sealed ? decodeHeader(sealed) : 'it is torn or damaged';
}

const SEQUENCE = '"sequence":';

/** As it stands near the beginning of a half, whatever that is worth; -1 without one. */
function sequenceOf(half: Buffer): number {
  const head = half.toString('latin1', 0, 100);
  const at = head.indexOf(SEQUENCE);
  return at < 0 ? -1 : Number.parseInt(head.slice(at + SEQUENCE.length), 10);
}

function decodeHeader({ members }: SealedJson): IndexHeader | string {
  const { v, generation, sequence, covered, fingerprint, complete, domains } = members;
  if (v !== VERSION) return `it is of version ${JSON.stringify(v)}`;
  if (typeof generation !== 'string' || typeof sequence !== 'number') return MALFORMED;
  if (typeof covered !== 'number' || typeof fingerprint !== 'string') return MALFORMED;
  if (typeof complete !== 'boolean' || typeof domains !== 'string') return MALFORMED;
  const marks = DomainMarks.decode(domains);
  return { generation, sequence, covered, fingerprint, complete, domains: marks };
}

const MALFORMED = 'it has not the members of a header';
