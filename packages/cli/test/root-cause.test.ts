import { expect, test } from 'vitest';

import { findRootCause } from '../src/render/root-cause.js';
import { findLocation } from '../src/render/source-location.js';

/** What the tools print, as they print it. */
const outputs: Readonly<Record<string, readonly [output: string, cause: string]>> = {
  tsc: [
    `
a.ts(1,7): error TS2322: Type 'string' is not assignable to type 'number'.
a.ts(2,31): error TS2322: Type 'number' is not assignable to type 'string'.
`,
    "a.ts(1,7): error TS2322: Type 'string' is not assignable to type 'number'.",
  ],
  'tsc --pretty': [
    `
src/a.ts:1:7 - error TS2322: Type 'string' is not assignable to type 'number'.

1 const a: number = 'x';
        ~

Found 1 error in src/a.ts:1
`,
    "src/a.ts:1:7 - error TS2322: Type 'string' is not assignable to type 'number'.",
  ],
  eslint: [
    `
/repo/src/a.mjs
  1:1   warning  Unexpected console statement          no-console

/repo/src/b.mjs
  1:7   error  'a' is assigned a value but never used  no-unused-vars
  1:18  error  'b' is not defined                      no-undef

✖ 3 problems (2 errors, 1 warning)
`,
    "/repo/src/b.mjs:1:7 error 'a' is assigned a value but never used no-unused-vars",
  ],
  vitest: [
    `
 RUN  v4.1.12 /work

 ❯ a.test.ts (2 tests | 1 failed) 13ms
   × adds 11ms
   ✓ ok 0ms

⎯⎯⎯⎯⎯⎯⎯ Failed Tests 1 ⎯⎯⎯⎯⎯⎯⎯

 FAIL  a.test.ts > adds
AssertionError: expected 2 to be 3 // Object.is equality

- Expected
+ Received

- 3
+ 2

 ❯ a.test.ts:2:36
      1| import { expect, test } from 'vitest';
      2| test('adds', () => { expect(1 + 1).toBe(3); });
       |                                    ^

 Test Files  1 failed (1)
      Tests  1 failed | 1 passed (2)
`,
    'AssertionError: expected 2 to be 3 // Object.is equality (a.test.ts:2:36)',
  ],
  jest: [
    `
FAIL ./sum.test.js
  ✕ adds 1 + 2 to equal 3 (4 ms)

  ● adds 1 + 2 to equal 3

    expect(received).toBe(expected) // Object.is equality

    Expected: 4
    Received: 3

      2 |
      3 | test('adds 1 + 2 to equal 3', () => {
    > 4 |   expect(sum(1, 2)).toBe(4);
        |                     ^
      5 | });

      at Object.<anonymous> (sum.test.js:4:21)

Test Suites: 1 failed, 1 total
Tests:       1 failed, 1 total
Ran all test suites.
`,
    '● adds 1 + 2 to equal 3: expect(received).toBe(expected) // Object.is equality (sum.test.js:4:21)',
  ],
  pytest: [
    `
FF                                                                       [100%]
=================================== FAILURES ===================================
____________________________________ test_a ____________________________________

    def test_a():
>       assert 1 + 1 == 3
E       assert (1 + 1) == 3

test_x.py:2: AssertionError
=========================== short test summary info ============================
FAILED test_x.py::test_a - assert (1 + 1) == 3
FAILED test_x.py::test_b - ValueError: nope
2 failed in 1.55s
`,
    'FAILED test_x.py::test_a - assert (1 + 1) == 3',
  ],
  python: [
    `
Traceback (most recent call last):
  File "/repo/t.py", line 3, in <module>
    f(1)
  File "/repo/t.py", line 2, in f
    return g(x)
           ^
NameError: name 'g' is not defined
`,
    "NameError: name 'g' is not defined",
  ],
  'go test': [
    `
--- FAIL: TestAdd (0.00s)
    add_test.go:8: Add(1, 2) = 4; want 3
FAIL
exit status 1
FAIL	example.com/add	0.002s
`,
    'add_test.go:8: Add(1, 2) = 4; want 3',
  ],
  'go build': [
    `
# example.com/add
./add.go:4:9: undefined: x
`,
    './add.go:4:9: undefined: x',
  ],
  'cargo build': [
    `
   Compiling cg v0.1.0 (/repo/cg)
error[E0308]: mismatched types
 --> src/lib.rs:4:21
  |
4 | pub fn g() -> i32 { "x" }
  |               ---   ^^^ expected \`i32\`, found \`&str\`

For more information about this error, try \`rustc --explain E0308\`.
error: could not compile \`cg\` (lib) due to 1 previous error
`,
    'error[E0308]: mismatched types (src/lib.rs:4:21)',
  ],
  'cargo test': [
    `
running 1 test
test tests::adds ... FAILED

failures:

---- tests::adds stdout ----

thread 'tests::adds' (16199) panicked at src/lib.rs:3:33:
assertion \`left == right\` failed
  left: 1
 right: 2

test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s

error: test failed, to rerun pass \`--lib\`
`,
    "thread 'tests::adds' (16199) panicked at src/lib.rs:3:33: assertion `left == right` failed",
  ],
  make: [
    `
gcc -c nope.c
cc1: fatal error: nope.c: No such file or directory
compilation terminated.
make: *** [Makefile:2: all] Error 1
`,
    'cc1: fatal error: nope.c: No such file or directory',
  ],
  'npm around a failing program': [
    `
> build
> node missing.js

node:internal/modules/cjs/loader:1210
  throw err;
  ^

Error: Cannot find module '/repo/missing.js'
    at Module._resolveFilename (node:internal/modules/cjs/loader:1207:15)
    at node:internal/main/run_main_module:28:49 {
  code: 'MODULE_NOT_FOUND',
  requireStack: []
}

Node.js v20.20.2
npm ERR! code ELIFECYCLE
npm ERR! errno 1
`,
    "Error: Cannot find module '/repo/missing.js'",
  ],
  'npm itself': [
    `
npm error Missing script: "nope"
npm error
npm error To see a list of scripts, run:
npm error   npm run
npm error A complete log of this run can be found in: /home/u/.npm/_logs/debug-0.log
`,
    'npm error Missing script: "nope"',
  ],
  'old npm itself': [
    `
npm ERR! missing script: nope
npm ERR! A complete log of this run can be found in:
npm ERR!     /home/u/.npm/_logs/debug-0.log
`,
    'npm ERR! missing script: nope',
  ],
  sh: ['\nsh: 1: frobnicate: not found\n', 'sh: 1: frobnicate: not found'],
  'a program of one line': ['1 of 42 tests failed\n', '1 of 42 tests failed'],
};

test.each(Object.entries(outputs))('of %s the line that says why', (_tool, [output, cause]) => {
  expect(findRootCause(output.split('\n'))).toBe(cause);
});

test.each([
  ['nothing', ''],
  ['plain words', 'one\ntwo'],
  ['counts of nothing', 'Found 0 errors\n12 passed, 0 failed\nno errors\nerrors: 0'],
])('%s names no cause', (_what, output) => {
  expect(findRootCause(output.split('\n'))).toBeNull();
});

test('a cause is safe to print and of bounded length', () => {
  const cause = findRootCause([`\u001b]0;x\u0007\u001b[31mError: ${'x'.repeat(10_000)}\u202e`]);
  expect(cause).toMatch(/^Error: x+…$/);
  expect(cause).toHaveLength(400);
});

test('a line of any length is looked at in no time', () => {
  for (const line of [
    'a'.repeat(100_000),
    ' '.repeat(100_000),
    '1:'.repeat(50_000),
    'a.'.repeat(50_000),
  ]) {
    expect(findRootCause([line])).toBeNull();
  }
});

test.each([
  ['src/a.ts(3,5): error', 'src/a.ts', 3, 5],
  ['src/a.ts:3:5 - error', 'src/a.ts', 3, 5],
  ['at f (./src/a.js:30)', './src/a.js', 30, null],
  ['C:\\repo\\a.ts(3,5)', 'C:\\repo\\a.ts', 3, 5],
  ['/repo/src/b.mjs:1:7 error', '/repo/src/b.mjs', 1, 7],
])('the place in %j', (text, file, line, column) => {
  expect(findLocation(text)).toStrictEqual({ file, line, column });
});

test.each(['http://example.com:80/', 'localhost:3000', 'at 12:30:15', 'v1.2.3', 'a.ts'])(
  '%j is no place',
  (text) => {
    expect(findLocation(text)).toBeNull();
  },
);
