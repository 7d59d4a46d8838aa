import type { ProcessStat } from '@codex-orchestrator/core';
import { expect, test } from 'vitest';

import { identifyLeftovers } from '../src/identify-leftovers.js';
import type { LeftoverEvidence, LeftoverSearch } from '../src/identify-leftovers.js';

/** pid: parent, group, state; the start stamp of a process is its pid behind an `s`. */
type Row = readonly [parentPid: number, processGroup: number, state?: string];

function tableOf(rows: Readonly<Record<number, Row>>): ReadonlyMap<number, ProcessStat> {
  return new Map(
    Object.entries(rows).map(([pid, [parentPid, processGroup, state = 'S']]) => [
      Number(pid),
      { parentPid, processGroup, state, startedAt: `s${pid}` },
    ]),
  );
}

const self: Readonly<Record<number, Row>> = { 1: [0, 1], 10: [1, 10], 11: [10, 11], 12: [11, 11] };

function pidsLeft(
  rows: Readonly<Record<number, Row>>,
  groups: LeftoverSearch['groups'],
  evidence: Partial<LeftoverEvidence> & { readonly marked?: readonly number[] } = {},
): number[] {
  const { marked = [], ...rest } = evidence;
  const isMarked = (pid: number): boolean => marked.includes(pid);
  const table = tableOf({ ...self, ...rows });
  const whole = { table, selfPid: 11, isMarked, known: new Map(), ...rest };
  return identifyLeftovers({ groups }, whole).map(({ pid }) => pid);
}

const group20 = { processGroup: 20, leaderStartedAt: 's20' };

test('a leader with the recorded start speaks for its whole group', () => {
  expect(pidsLeft({ 20: [1, 20], 21: [20, 20], 30: [1, 30] }, [group20])).toEqual([20, 21]);
});

test('a leader that only waits to be reaped still speaks for its group', () => {
  expect(pidsLeft({ 20: [1, 20, 'Z'], 21: [1, 20] }, [group20])).toEqual([21]);
});

test('a leader with another start makes its group a stranger, but not who has the marker', () => {
  const groups = [{ processGroup: 20, leaderStartedAt: 'other' }];
  const rows: Record<number, Row> = { 20: [1, 20], 21: [20, 20], 22: [20, 20] };
  expect(pidsLeft(rows, groups, { marked: [22] })).toEqual([22]);
});

test('without a leader one member with the marker speaks for all', () => {
  const rows: Record<number, Row> = { 21: [1, 20], 22: [1, 20] };
  expect(pidsLeft(rows, [group20])).toEqual([]);
  expect(pidsLeft(rows, [group20], { marked: [22] })).toEqual([21, 22]);
});

test('a dead member with the marker speaks for nobody', () => {
  const rows: Record<number, Row> = { 21: [1, 20], 22: [1, 20, 'Z'] };
  expect(pidsLeft(rows, [group20], { marked: [22] })).toEqual([]);
});

test('the marker counts alone in a group that nobody wrote down', () => {
  expect(pidsLeft({ 31: [1, 30], 32: [1, 30] }, [], { marked: [32] })).toEqual([32]);
});

test('who was recognised before keeps its group once the leader is gone', () => {
  const before = {
    pid: 21,
    startedAt: 's21',
    processGroup: 20,
    identifiedBy: 'start-time',
  } as const;
  const known = new Map([[21, before]]);
  expect(pidsLeft({ 21: [1, 20], 22: [1, 20] }, [group20], { known })).toEqual([21, 22]);
  const reused = new Map([[21, { ...before, startedAt: 'earlier' }]]);
  expect(pidsLeft({ 21: [1, 20], 22: [1, 20] }, [group20], { known: reused })).toEqual([]);
});

test('the caller, its ancestors and its group are never picked', () => {
  const marked = [1, 10, 11, 12, 20];
  const groups = [
    { processGroup: 10, leaderStartedAt: 's10' },
    { processGroup: 11, leaderStartedAt: 's11' },
  ];
  expect(pidsLeft({ 20: [11, 20] }, groups, { marked })).toEqual([20]);
});

test('parents that changed hands while the table was read end the search for ancestors', () => {
  expect(pidsLeft({ 10: [11, 10], 20: [1, 20] }, [group20])).toEqual([20]);
});
