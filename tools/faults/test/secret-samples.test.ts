import { expect, test } from 'vitest';

import { createSecrets } from '../src/secret-samples.mjs';

test('the same seed makes the same secrets, another one others', () => {
  expect(createSecrets(1)).toStrictEqual(createSecrets(1));
  expect(createSecrets(1)).not.toStrictEqual(createSecrets(2));
});

test('what must not be found is part of what is printed', () => {
  for (const { text, needles } of createSecrets(1)) {
    for (const needle of needles) expect(text).toContain(needle);
  }
});
