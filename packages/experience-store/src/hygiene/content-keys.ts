import type { Experience } from '../record/record.js';
import { contentHashOf } from '../record/similarity.js';

/** By what records of one domain are found to say the same. */
export interface ContentKeys {
  readonly textKey: string;
  /** As the record itself says; `undefined` where it does not, or says what its text does. */
  readonly contentKey: string | undefined;
}

/** Enough to tell apart all the records that fit on a disk. */
const KEY_DIGITS = 24;

export function contentKeysOf({ contentHash, domain, summary32 }: Experience): ContentKeys {
  const textKey = contentHashOf(domain, summary32).slice(0, KEY_DIGITS);
  const contentKey = contentHash?.slice(0, KEY_DIGITS).toLowerCase();
  return { textKey, contentKey: contentKey === textKey ? undefined : contentKey };
}
