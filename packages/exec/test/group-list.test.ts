import { readSync } from 'node:fs';

import { expect, test } from 'vitest';

import { encodeGroups, openGroupList } from '../src/group-list.js';

function readLine(fd: number): string {
  const bytes = Buffer.alloc(8192);
  const [line = ''] = bytes
    .toString('latin1', 0, readSync(fd, bytes, 0, bytes.length, 0))
    .split('\n');
  return line;
}

test('the list holds the groups that were added and not removed', () => {
  const list = openGroupList();
  if (!list) throw new Error('no list could be opened');
  expect(readLine(list.fd)).toBe('');
  list.add(12);
  list.add(345);
  expect(readLine(list.fd)).toBe('12 345');
  list.remove(12);
  expect(readLine(list.fd)).toBe('345');
  list.close();
});

test('a closed list writes to nobody', () => {
  const list = openGroupList();
  list?.close();
  expect(() => list?.add(1)).not.toThrow();
});

test('more groups than there is room for are left out whole', () => {
  const groups = Array.from({ length: 2000 }, (_, index) => 100_000 + index);
  const line = encodeGroups(groups);
  expect(line.length).toBeLessThanOrEqual(4096);
  const listed = line.trimEnd().split(' ').map(Number);
  expect(listed.length).toBeGreaterThan(500);
  expect(listed).toEqual(groups.slice(0, listed.length));
});
