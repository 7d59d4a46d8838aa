import { expect, test } from 'vitest';

import { isJudgingWord } from '../../src/validator/judging-words.js';

test.each([
  ['./verify.sh --all src/a.js', ['./verify.sh']],
  ['timeout 60 env CI=1 ./verify.sh', ['./verify.sh']],
  ['node scripts/check.mjs src/a.js', ['scripts/check.mjs']],
  ['node --check src/a.js', []],
  ['node --test sum.test.mjs other.test.mjs', ['sum.test.mjs', 'other.test.mjs']],
  ['bash -n deploy.sh', []],
  ['bash -e verify', ['verify']],
  ['python -m pytest tests/deep', ['tests/deep']],
  ['python3 check.py src/a.py', ['check.py']],
  ['npx tsx tools/check.ts', ['tools/check.ts']],
  ['eslint --fix src/a.js', []],
  ['eslint -c strict.config.js src/a.js', ['strict.config.js']],
  ['tsc --project=tsconfig.test.json', ['--project=tsconfig.test.json']],
  ['vitest run src/a.spec.ts', ['src/a.spec.ts']],
  ['pytest test_sum.py', ['test_sum.py']],
  ['cat answer.txt', []],
])('%s goes by %j', (line, expected) => {
  const words = line.split(' ');
  expect(words.filter((_, index) => isJudgingWord(words, index))).toEqual(expected);
});
