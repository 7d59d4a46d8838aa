import { splitLines } from './known-values.js';

/** One spelling of a known value. */
export interface ValueForm {
  readonly bytes: Uint8Array;
  readonly rule: 'known-value' | 'known-value-encoded';
  /** The rest of the base64 text goes too: it holds the value's last bits. */
  readonly isBase64: boolean;
}

/** Every spelling in which a value is looked for, each once. */
export function valueForms(values: readonly string[]): ValueForm[] {
  const forms = new Map<string, ValueForm>();
  const add = (text: Buffer, form: Omit<ValueForm, 'bytes'>): void => {
    const key = text.toString('latin1');
    if (text.length >= 6 && !forms.has(key)) forms.set(key, { bytes: text, ...form });
  };
  for (const value of values) {
    for (const each of splitLines(value)) {
      add(Buffer.from(each), { rule: 'known-value', isBase64: false });
    }
  }
  for (const value of new Set(values.flatMap((whole) => [whole, ...splitLines(whole)]))) {
    for (const text of base64Texts(Buffer.from(value))) {
      add(Buffer.from(text, 'latin1'), { rule: 'known-value-encoded', isBase64: true });
    }
    for (const text of escapedTexts(value)) {
      // An escape that leaves a newline in the text has not made one line of it.
      if (/[\r\n]/.test(text)) continue;
      add(Buffer.from(text), { rule: 'known-value-encoded', isBase64: false });
    }
  }
  return [...forms.values()];
}

/**
 * What base64 makes of the value alone or within a longer text. Three bytes become four characters, so
 * there are three ways to lie within them; characters that also hold bits of a neighbour are left out.
 * Long ones are also looked for in the lines of 76 and 64 characters that tools cut them into.
 */
function* base64Texts(value: Buffer): Iterable<string> {
  for (const shift of [0, 1, 2]) {
    const encoded = Buffer.concat([Buffer.alloc(shift), value]).toString('base64');
    const firstOwn = Math.ceil((shift * 8) / 6);
    const ownEnd = Math.floor(((shift + value.length) * 8) / 6);
    const text = encoded.slice(firstOwn, ownEnd);
    yield text;
    yield text.replaceAll('+', '-').replaceAll('/', '_');
    if (shift > 0) continue;
    for (const width of [76, 64]) {
      if (text.length > width) yield* text.match(new RegExp(`.{${width}}|.{8,}$`, 'g')) ?? [];
    }
  }
}

/** What URLs, JSON and shells make of the value; most values stay as they are in all of them. */
function escapedTexts(value: string): string[] {
  if (/^[A-Za-z0-9]+$/.test(value)) return [];
  return [...percentTexts(value), ...jsonTexts(value), ...shellTexts(value)];
}

function percentTexts(value: string): string[] {
  // Lone surrogates have no bytes of their own; Buffer makes the replacement character of them.
  const whole = Buffer.from(value).toString();
  const strict = encodeURIComponent(whole).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  const all = strict.replace(/[-._~]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);
  return [
    strict,
    strict.replaceAll('%20', '+'),
    encodeURIComponent(whole),
    encodeURI(whole),
    all,
  ].flatMap((text) => [text, inLowerCase(text, /%[0-9A-F]{2}/g), inUpperCase(text)]);
}

function inUpperCase(text: string): string {
  return text.replace(/%[0-9a-f]{2}/gi, (escape) => escape.toUpperCase());
}

function inLowerCase(text: string, escapes: RegExp): string {
  return text.replace(escapes, (escape) => escape.toLowerCase());
}

function jsonTexts(value: string): string[] {
  const plain = jsonBody(value);
  const ascii = plain.replace(/[^\x20-\x7e]/g, unicodeEscape);
  const slashes = plain.replaceAll('/', '\\/');
  // Go escapes these for HTML unless it is told not to; Gson escapes the next two as well.
  const html = plain.replace(/[<>&]/g, unicodeEscape);
  const gson = plain.replace(/[<>&='\u2028\u2029]/g, unicodeEscape);
  const once = [plain, ascii, slashes, html, gson];
  return [...once, inHexUpperCase(ascii), inHexUpperCase(gson), ...once.map(jsonBody)];
}

function inHexUpperCase(text: string): string {
  return text.replace(
    /\\u([0-9a-f]{4})/g,
    (_escape, digits: string) => `\\u${digits.toUpperCase()}`,
  );
}

function jsonBody(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

function unicodeEscape(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function shellTexts(value: string): string[] {
  return [
    value.replaceAll("'", "'\\''"),
    value.replaceAll("'", `'"'"'`),
    value.replace(/[\\"$`]/g, '\\$&'),
    value.replace(/[\\"$`!]/g, '\\$&'),
    value.replace(/[^A-Za-z0-9_@%+=:,./-]/g, '\\$&'),
    value.replace(/[^A-Za-z0-9_@%+=:./-]/g, '\\$&'),
    value.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t'),
  ];
}
