import { err, ok } from './result.js';
import type { Result } from './result.js';

/** The longest identifier, in bytes of UTF-8: room for suffixes below the 255 of most file systems. */
export const maxIdentifierBytes = 128;

/**
 * Checks that a text is safe as one path segment on every platform and returns it unchanged, or the
 * reason why it is not: the first rule that it breaks, as a clause such as `it starts with a dot`.
 *
 * Two identifiers that differ in case only are both accepted, yet name one folder on a file system
 * that ignores case; whoever creates them must not rely on case alone.
 */
export function checkIdentifier(text: string): Result<string, string> {
  const broken = rules.find((rule) => rule.breaks(text));
  return broken ? err(broken.reason) : ok(text);
}

interface IdentifierRule {
  readonly reason: string;
  readonly breaks: (text: string) => boolean;
}

const rules: readonly IdentifierRule[] = [
  { reason: 'it is empty', breaks: (text) => text === '' },
  {
    reason: 'it contains a control character',
    // eslint-disable-next-line no-control-regex -- control characters are what it looks for
    breaks: (text) => /[\u0000-\u001f\u007f-\u009f]/.test(text),
  },
  {
    reason: 'it contains one of < > : " | ? *',
    breaks: (text) => /[<>:"|?*]/.test(text),
  },
  { reason: 'it starts with a dot', breaks: (text) => text.startsWith('.') },
  { reason: 'it contains a path separator', breaks: (text) => /[/\\]/.test(text) },
  { reason: 'it ends with a dot or a space', breaks: (text) => /[. ]$/.test(text) },
  { reason: 'it is a device name on Windows', breaks: isDeviceName },
  { reason: 'it contains an unpaired surrogate', breaks: (text) => /\p{Surrogate}/u.test(text) },
  {
    reason: 'it is not in Unicode normal form C',
    breaks: (text) => text !== text.normalize('NFC'),
  },
  {
    reason: `it is longer than ${maxIdentifierBytes} bytes`,
    breaks: (text) => Buffer.byteLength(text) > maxIdentifierBytes,
  },
];

/**
 * Windows reserves these names with any extension and with spaces before it (`CON`, `con.txt`,
 * `Aux .log`), and takes the superscript digits for digits.
 * https://learn.microsoft.com/windows/win32/fileio/naming-a-file
 */
function isDeviceName(text: string): boolean {
  const [stem = ''] = text.split('.');
  return /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])$/i.test(stem.trimEnd());
}
