import { checksumOf, hex8 } from './checksum.js';

const SEAL = ',"checksum":"';

/** An object as one line of JSON that ends with a checksum of all that stands before it. */
export function sealJson(value: object): string {
  return sealText(JSON.stringify(value));
}

/** As `sealJson`, for the text of an object. */
export function sealText(text: string): string {
  const body = text.slice(0, -1);
  return `${body}${SEAL}${hex8(sealFor(Buffer.from(body)))}"}`;
}

/** What `sealJson` wrote, blanks behind it left out; `undefined` if it is not all there. */
export function openSealed(bytes: Buffer): SealedJson | undefined {
  const at = bytes.lastIndexOf(SEAL);
  if (at < 0) return undefined;
  const checksum = sealFor(bytes.subarray(0, at));
  const rest = bytes.toString('latin1', at + SEAL.length).trimEnd();
  if (rest !== `${hex8(checksum)}"}`) return undefined;
  const value: unknown = JSON.parse(bytes.toString('utf8', 0, at) + '}');
  return { members: value as SealedJson['members'], checksum };
}

export interface SealedJson {
  readonly members: Readonly<Record<string, unknown>>;
  readonly checksum: number;
}

/** The checksum that sealed text ends with. */
export function sealOf(text: string): number {
  return Number.parseInt(text.slice(-10, -2), 16);
}

/** Never 0, which as a mark stands for a file that is not to be used. */
function sealFor(body: Buffer): number {
  return checksumOf(body) || 1;
}
