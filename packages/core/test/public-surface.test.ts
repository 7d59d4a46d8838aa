import { expect, test } from 'vitest';

import * as core from '../src/index.js';

test('the package exports these values and no others', () => {
  expect(Object.keys(core).sort()).toMatchInlineSnapshot(`
    [
      "CoreError",
      "acquireLock",
      "appendLines",
      "checkIdentifier",
      "createRunId",
      "createWriteCoalescer",
      "currentProcessIdentity",
      "describeLockBusy",
      "environmentVariables",
      "err",
      "identifyProcess",
      "isTempName",
      "maxIdentifierBytes",
      "nodeFileSystem",
      "ok",
      "openLineAppender",
      "parseRunId",
      "parseTaskId",
      "processLiveness",
      "readBoolean",
      "readFile",
      "readForeignBoolean",
      "readInteger",
      "readJson",
      "readLines",
      "readNonInteractive",
      "readPresence",
      "readProcessStat",
      "readString",
      "renderEnvironmentTable",
      "resolveInside",
      "sleep",
      "slugify",
      "sweepTempFiles",
      "syncFolder",
      "systemClock",
      "systemRandom",
      "tryAcquireLock",
      "visitLines",
      "withFile",
      "withFileLock",
      "writeAll",
      "writeFileAtomic",
      "writeJsonAtomic",
    ]
  `);
});
