import { checksumText } from './checksum.js';

/**
 * The name under which a domain is found in the index: 16 hex digits, safe as a file name whatever the
 * domain. Not a cryptographic digest, whose module takes longer to load than a look-up does: two domains
 * of one name only take each other's place in the index, since each of its files says whose it is.
 */
export function domainHashOf(domain: string): string {
  const bytes = Buffer.from(domain);
  return checksumText(bytes, 0x9747b28c) + checksumText(bytes, 0x3c6ef372);
}
