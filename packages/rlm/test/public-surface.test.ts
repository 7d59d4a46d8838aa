import { expect, test } from 'vitest';

import * as rlm from '../src/index.js';

test('the package exports these values and no others', () => {
  expect(Object.keys(rlm).sort()).toMatchInlineSnapshot(`
    [
      "RlmError",
      "UsageCounter",
      "detectValidators",
      "findAgents",
      "isMeteredAgent",
      "iterationFacts",
      "lessonOfFinding",
      "parseFindings",
      "parseHistory",
      "readLoopSettings",
      "refuseLoop",
      "runLoop",
      "startFacts",
      "takeReview",
      "verdictExitCodes",
    ]
  `);
});
