import { expect, test } from 'vitest';

import * as surface from '../src/index.js';

test('the package exports these values and no others', () => {
  expect(Object.keys(surface).sort()).toMatchInlineSnapshot(`
    [
      "ManifestError",
      "applyEvent",
      "checkResumeToken",
      "createEd25519Signer",
      "createRootLayout",
      "createRunLayout",
      "createTaskLayout",
      "digestFile",
      "effectiveStatus",
      "finalStatuses",
      "findRun",
      "foldEvents",
      "isFinalStatus",
      "listRuns",
      "listUnsealedRuns",
      "manifestSchema",
      "openRunRecord",
      "parseManifest",
      "readJournal",
      "readManifest",
      "reopenRunRecord",
      "runEventSchema",
      "runStatuses",
      "stageStatuses",
      "sweepDrafts",
      "verifyRun",
    ]
  `);
});
