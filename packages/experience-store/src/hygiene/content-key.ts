import type { Experience } from '../record/record.js';
import { contentHashOf } from '../record/similarity.js';

/** Enough to tell apart all the records that fit on a disk. */
const KEY_DIGITS = 24;

/**
 * Equal for records of one domain that say the same: as the record itself says, which spares the work, or
 * made of its text where it does not say.
 */
export function contentKeyOf({ contentHash, domain, summary32 }: Experience): string {
  return (contentHash ?? contentHashOf(domain, summary32)).slice(0, KEY_DIGITS).toLowerCase();
}
