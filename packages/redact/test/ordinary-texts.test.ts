import { expect, test } from 'vitest';

import { createRedactor } from '../src/index.js';
import { enforcing, throughStream } from './samples.js';

const ordinary = [
  'token: none',
  'token: "",',
  '"token": null, "x": "a long text"',
  'passwords are hashed',
  'tokenizer=bert-base-uncased',
  'total tokens: 1234567',
  'secretary: somebody else',
  'the secret of success',
  'a task-list-of-some-length-and-more',
  'disk-usage-of-the-root-file-system',
  'https://host.example:8080/a@b and user@host.example',
  'see https://user@host.example/path',
  'AKIA is how they begin',
  'eyJ is how base64 of JSON begins: eyJhIjoxfQ',
  `sha256-${'ab'.repeat(32)}`,
  '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
  'bearer authentication is used',
  'const apiKeys = readKeys();',
  'if (token) return token;',
  'function password() {}',
  '\xff\xfe\x00\x80 bytes that are no text \xc3',
];

test.each(ordinary)('%j passes as it is', (text) => {
  const redactor = enforcing();
  const bytes = Buffer.from(text, 'latin1');
  expect(redactor.text(text)).toBe(text);
  expect(redactor.openStream().push(bytes).length).toBeLessThanOrEqual(bytes.length);
  expect(throughStream(redactor, [bytes])).toBe(text);
  expect(
    throughStream(
      redactor,
      [...bytes].map((byte) => Buffer.from([byte])),
    ),
  ).toBe(text);
});

test.each([
  ['token: required', 'token: [REDACTED]'],
  ['password="$PASSWORD"', 'password="[REDACTED]"'],
  ['?token=abcdef&user=bob', '?token=[REDACTED]'],
  ['Enter your password:\nWelcome', 'Enter your password:\n[REDACTED]'],
])('the rule for assignments takes more than secrets: %j', (text, expected) => {
  expect(createRedactor().text(text)).toBe(expected);
});

test('ordinary words, numbers and paths are no known values, whatever their name says', () => {
  const environment = {
    A_SECRET: 'required',
    A_TOKEN: '123456',
    A_CREDENTIALS: '/home/me/credentials.json',
    A_PASSWORD: 'short',
    HOME: '/home/somebody',
  };
  const text = 'required 123456 /home/me/credentials.json short /home/somebody';
  expect(createRedactor({ environment }).text(text)).toBe(text);
});

test('the password in a URL of any variable is a known value', () => {
  const environment = { DATABASE_URL: 'postgres://me:correct%20horse@db.example/x' };
  const redactor = createRedactor({ environment });
  expect(redactor.text('it is correct horse')).toBe('it is [REDACTED]');
  expect(redactor.text('it is correct%20horse')).toBe('it is [REDACTED]');
});
