import { expect, test } from 'vitest';

import { createRedactor } from '../src/index.js';
import { letters, quoteful, value } from './samples.js';

const redactor = createRedactor({ values: [value, quoteful, letters] });
const secrets = [value, quoteful];

test.each(secrets)('%j in base64 is found at every place within a longer text', (secret) => {
  for (let before = 0; before < 7; before++) {
    for (let after = 0; after < 4; after++) {
      const text = Buffer.from('p'.repeat(before) + secret + 's'.repeat(after));
      for (const encoding of ['base64', 'base64url'] as const) {
        const output = redactor.text(`x: ${text.toString(encoding)} :y`);
        const left = Buffer.from(/x: ([^[]*)\[REDACTED\] :y/.exec(output)?.[1] ?? '!', encoding);
        expect(left.length, output).toBeLessThanOrEqual(before + 1);
      }
    }
  }
});

test('base64 in lines, as tools print it, is found in each line', () => {
  for (const width of [64, 76]) {
    const lines = Buffer.from(letters)
      .toString('base64')
      .match(new RegExp(`.{1,${width}}`, 'g'));
    const output = redactor.text(lines?.join('\n') ?? '');
    expect(output.replaceAll('[REDACTED]', '').trim().length).toBeLessThan(8);
  }
});

test.each(secrets)('%j is found as URLs, JSON and shells write it', (secret) => {
  const json = JSON.stringify(secret);
  const unicode = (text: string): string =>
    text.replace(
      /[^\x20-\x7e]/g,
      (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
  const forms = [
    encodeURIComponent(secret),
    encodeURIComponent(secret).replace(/%../g, (hex) => hex.toLowerCase()),
    new URLSearchParams({ q: secret }).toString(),
    json,
    unicode(json),
    json.replaceAll('/', '\\/'),
    JSON.stringify(json),
    `'${secret.replaceAll("'", "'\\''")}'`,
    `"${secret.replace(/[\\"$`]/g, '\\$&')}"`,
    `$'${secret.replace(/[\\']/g, '\\$&')}'`,
  ];
  for (const form of forms) {
    const output = redactor.text(`<${form}>`);
    expect(output.replace(/\[REDACTED\]|q=|[<>"'$\\]/g, ''), form).toBe('');
  }
});

test('text and json hand back what holds nothing', () => {
  const record = { id: 'build', list: ['a', { n: 1, no: null }], __proto__x: true };
  expect(redactor.json(record)).toBe(record);
  expect(redactor.text('a text that holds nothing')).toBe('a text that holds nothing');
});

test('json copies what it changes, and hides strings under secret names', () => {
  const kept = { id: 'kept' };
  const record = { kept, env: { API_TOKEN: 'some-value', MODE: 'required' }, note: `say ${value}` };
  const output = redactor.json(record);
  expect(output).toEqual({
    kept: { id: 'kept' },
    env: { API_TOKEN: '[REDACTED]', MODE: 'required' },
    note: 'say [REDACTED]',
  });
  expect(output.kept).toBe(kept);
  expect(record.note).toContain(value);
});

test('text keeps characters beyond ASCII', () => {
  expect(redactor.text(`grüße ${value} 日本 😀`)).toBe('grüße [REDACTED] 日本 😀');
});
