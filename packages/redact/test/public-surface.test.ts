import { expect, test } from 'vitest';

import * as redact from '../src/index.js';

test('the package exports these values and no others', () => {
  expect(Object.keys(redact).sort()).toMatchInlineSnapshot(`
    [
      "createRedactor",
      "isSecretName",
      "readPrivacyMode",
    ]
  `);
});
