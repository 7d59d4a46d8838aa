import { expect, test } from 'vitest';

import { brokenLinks } from '../src/broken-links.mjs';

function check(documents: Record<string, string>, ...otherFiles: string[]): string[] {
  return brokenLinks(
    new Map(Object.entries(documents)),
    new Set([...Object.keys(documents), ...otherFiles]),
  );
}

test('links to files, folders, headings and other hosts are fine', () => {
  const text =
    '# A title\n[a](docs/b.md) [b](docs) [c](#a-title) [d](docs/b.md#part-two-1) [e](https://x.example/)';
  expect(check({ 'README.md': text, 'docs/b.md': '## Part two\n## Part `two`\n' })).toEqual([]);
});

test('a link to a file that does not exist is named with its document', () => {
  expect(check({ 'docs/a.md': '[x](../gone.md)' })).toEqual([
    'docs/a.md: ../gone.md: no such file',
  ]);
});

test('an anchor without a heading is named', () => {
  expect(check({ 'a.md': '[x](#gone)\n```\n# gone\n```\n' })).toEqual([
    'a.md: #gone: no such heading',
  ]);
});

test('what looks like a link inside code is none', () => {
  expect(check({ 'a.md': '`[x](gone.md)`\n```\n[y](gone.md)\n```\n' })).toEqual([]);
});
