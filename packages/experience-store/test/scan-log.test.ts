import { appendFileSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';

import { nodeFileSystem } from '@codex-orchestrator/core';
import { createRig, createSeededRandom, faultyFileSystem } from '@codex-orchestrator/testing';
import { describe, expect, test } from 'vitest';

import { createExperienceLayout } from '../src/layout.js';
import type { ExperienceLayout } from '../src/layout.js';
import { holdsRun } from '../src/log/holds-run.js';
import { scanLog } from '../src/log/scan-log.js';
import type { ScanOptions, ScanReport } from '../src/log/scan-log.js';
import { HistoryMaker, TASK } from './history-maker.js';
import { naiveAnswer } from './naive-log.js';

const fs = nodeFileSystem;

async function withLog(
  content: string | Uint8Array,
  use: (layout: ExperienceLayout) => Promise<void>,
): Promise<void> {
  await using rig = await createRig();
  const folders = { runsDir: rig.path('runs'), outDir: rig.path('out') };
  await rig.write({ [`out/${TASK}/experiences.jsonl`]: content });
  await use(createExperienceLayout({ ...folders, taskId: TASK }));
}

/** The ids of the records of a domain that a scan finds, in their order. */
async function idsIn(
  layout: ExperienceLayout,
  domain: string,
  options: Partial<ScanOptions> = {},
): Promise<{ readonly ids: string[]; readonly report: ScanReport }> {
  const ids: string[] = [];
  const report = await scanLog(layout, { fs, ...options }, ({ line, isWhole }) => {
    if (isWhole && line.kind === 'record' && line.record.domain === domain)
      ids.push(line.record.id);
  });
  return { ids, report };
}

function recordLine(id: string, domain: string, extra: object = {}): string {
  return JSON.stringify({ id, domain, reward: { gtScore: 1, relativeRank: 0 }, ...extra });
}

/** Texts that a search over bytes could take for one another. */
const domains: [string, ...string[]] = [
  'plain',
  'a/b',
  'quo"te',
  'back\\slash',
  'line\nbreak',
  'tab\t',
  'grün',
  '日本',
  '😀',
  '\uFFFD',
  '\uD800',
  '\u0001',
  'u',
  '',
  '":"',
  '__proto__',
];

function respell(text: string, next: () => number): string {
  const units = text.split('').map((unit) => {
    if (next() < 0.5) return JSON.stringify(unit).slice(1, -1);
    const code = unit.charCodeAt(0).toString(16).padStart(4, '0');
    return `\\u${next() < 0.5 ? code : code.toUpperCase()}`;
  });
  return `"${units.join('').replaceAll('/', () => (next() < 0.5 ? '\\/' : '/'))}"`;
}

function hostileLine(nth: number, seed: number): Buffer {
  const random = createSeededRandom(seed + nth);
  const next = (): number => random.next();
  const integer = (min: number, max: number): number => random.integer(min, max);
  const domain = random.pick(domains);
  const other = random.pick(domains);
  const head = `"id":"e${nth}","reward":{"gtScore":1}`;
  const spelled = next() < 0.5 ? JSON.stringify(domain) : respell(domain, next);
  const key = next() < 0.2 ? '"dom\\u0061in"' : '"domain"';
  const text = random.pick<() => string>([
    () => `{${head},${key}:${spelled}}`,
    () => `{ ${key} : ${spelled} , ${head} }`,
    () => `{${head},"domain":${JSON.stringify(other)},${key}:${spelled}}`,
    () => `{${head},${key}:${spelled},"summary32":${JSON.stringify(`"${other}" ${other}`)}}`,
    () => `{${head},${key}:${spelled}}\r`,
    () => `\uFEFF{${head},${key}:${spelled}}`,
    () => `{${head},${key}:${spelled}}{${head},"domain":"plain"}`,
    () => `{${head},${key}:${spelled}`.slice(0, integer(0, 60)),
    () => '',
    () => ' \t',
    () => JSON.stringify(other),
    () => `{"note":"pinned","id":"e1",${key}:${spelled}}`,
  ])();
  const bytes = Buffer.from(text);
  if (next() < 0.1 && bytes.byteLength > 0) bytes[integer(0, bytes.byteLength - 1)] = 0xff;
  return Buffer.concat([bytes, Buffer.from('\n')]);
}

test('a search over bytes finds every line that parsing all of them finds, however it is spelled', async () => {
  for (let seed = 0; seed < 4; seed++) {
    const lines = Array.from({ length: 1500 }, (_, nth) => hostileLine(nth, seed * 1e6));
    const log = Buffer.concat(lines);
    await withLog(log, async (layout) => {
      for (const domain of domains) {
        const expected = naiveAnswer(log, { taskId: TASK, domain, limit: Infinity });
        const { ids } = await idsIn(layout, domain, { domains: new Set([domain]) });
        expect(new Set(ids), JSON.stringify(domain)).toEqual(new Set(expected.map(({ id }) => id)));
      }
    });
  }
});

test('one pass for many domains finds the lines of each', async () => {
  const maker = new HistoryMaker(5, ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j']);
  const log = Array.from({ length: 2000 }, () => maker.append()).join('');
  await withLog(log, async (layout) => {
    const one = await idsIn(layout, 'c');
    for (const count of [1, 3, 8, 10]) {
      const asked = new Set(['c', ...maker.domains.slice(0, count)]);
      const many = await idsIn(layout, 'c', { domains: asked });
      expect(many.ids).toEqual(one.ids);
    }
    expect(one.ids.length).toBeGreaterThan(100);
  });
});

test('lines that cross the ends of chunks are read whole, and those that are too long are skipped', async () => {
  const long = (length: number): string => 'x'.repeat(length);
  const lines = [
    recordLine('small', 'd'),
    recordLine('across', 'd', { summary32: long(300_000) }),
    recordLine('just', 'd', { summary32: long(2 ** 20 - 100) }),
    recordLine('above', 'd', { summary32: long(2 ** 20) }),
    recordLine('huge', 'd', { summary32: long(5_000_000) }),
    recordLine('last', 'd'),
  ];
  await withLog(`${lines.join('\n')}\n`, async (layout) => {
    const expected = ['small', 'across', 'just', 'last'];
    expect((await idsIn(layout, 'd')).ids).toEqual(expected);
    expect((await idsIn(layout, 'd', { domains: new Set(['d']) })).ids).toEqual(expected);
  });
});

describe('a batch', () => {
  const batch = (id: string, size: number): string[] =>
    Array.from({ length: size }, (_, nth) =>
      recordLine(`${id}-${nth + 1}`, 'd', { batch: `${id}:${nth + 1}/${size}` }),
    );
  const cases: [title: string, lines: string[], ids: string[]][] = [
    ['counts when its last line is there', batch('aaaaaaaa', 2), ['aaaaaaaa-1', 'aaaaaaaa-2']],
    ['does not count without it', batch('aaaaaaaa', 3).slice(0, 2), []],
    [
      'does not count when another line interrupts it',
      [...batch('aaaaaaaa', 3).slice(0, 2), recordLine('x', 'e'), recordLine('y', 'd')],
      ['y'],
    ],
    [
      'counts when a blank line stands within it',
      [...batch('aaaaaaaa', 2).slice(0, 1), '    ', ...batch('aaaaaaaa', 2).slice(1)],
      ['aaaaaaaa-1', 'aaaaaaaa-2'],
    ],
    [
      'does not count when another batch begins within it',
      [...batch('aaaaaaaa', 3).slice(0, 2), ...batch('bbbbbbbb', 2)],
      ['bbbbbbbb-1', 'bbbbbbbb-2'],
    ],
  ];
  for (const [title, lines, ids] of cases) {
    test(title, async () => {
      await withLog(`${lines.join('\n')}\n`, async (layout) => {
        expect((await idsIn(layout, 'd')).ids).toEqual(ids);
        expect((await idsIn(layout, 'd', { domains: new Set(['d']) })).ids).toEqual(ids);
      });
    });
  }

  test('that is not whole is where the settled part of the log ends', async () => {
    const whole = `${recordLine('w', 'd')}\n`;
    const open = `${batch('aaaaaaaa', 3).slice(0, 2).join('\n')}\n`;
    await withLog(whole + open, async (layout) => {
      const { report } = await idsIn(layout, 'd');
      expect(report.settledTo).toBe(whole.length);
      appendFileSync(layout.logPath, `${batch('aaaaaaaa', 3)[2] ?? ''}\n`);
      const after = await idsIn(layout, 'd');
      expect(after.ids).toHaveLength(4);
      expect(after.report.settledTo).toBe(after.report.size);
    });
  });
});

describe('a budget', () => {
  const lines = Array.from({ length: 100 }, (_, nth) => recordLine(`e${nth}`, 'd'));

  test('of lines ends a scan behind so many of them', async () => {
    await withLog(`${lines.join('\n')}\n`, async (layout) => {
      const cut = await idsIn(layout, 'd', { budgets: { maxLines: 7 }, domains: new Set(['d']) });
      expect(cut.ids).toEqual(lines.slice(0, 7).map((_, nth) => `e${nth}`));
      expect(cut.report.truncated).toBe(true);
      const all = await idsIn(layout, 'd', { budgets: { maxLines: 100 } });
      expect(all.ids).toHaveLength(100);
      expect(all.report.truncated).toBe(false);
    });
  });

  test('of bytes ends a scan at the last line that fits', async () => {
    await withLog(`${lines.join('\n')}\n`, async (layout) => {
      const maxBytes = (lines[0]?.length ?? 0) * 3 + 10;
      const { ids, report } = await idsIn(layout, 'd', { budgets: { maxBytes } });
      expect(ids).toEqual(['e0', 'e1', 'e2']);
      expect(report.truncated).toBe(true);
      expect(report.cost.bytesRead).toBeLessThanOrEqual(maxBytes);
    });
  });
});

describe('a file that is open is closed', () => {
  const content = `${Array.from({ length: 90_000 }, (_, nth) => recordLine(`e${nth}`, 'd')).join('\n')}\n`;

  test('when the scan is aborted, which gives the reason of the signal', async () => {
    await withLog(content, async (layout) => {
      const faulty = faultyFileSystem(fs, () => undefined);
      const controller = new AbortController();
      let visited = 0;
      const scan = scanLog(layout, { fs: faulty.fs, signal: controller.signal }, () => visited++);
      setImmediate(() => {
        controller.abort(new Error('enough'));
      });
      await expect(scan).rejects.toThrow('enough');
      expect(visited).toBeLessThan(90_000);
      expect(faulty.unclosed()).toEqual([]);
    });
  });

  test('when reading fails, which says what could not be read', async () => {
    await withLog(content, async (layout) => {
      const faulty = faultyFileSystem(fs, ({ operation, nth }) =>
        operation === 'read' && nth === 3 ? { kind: 'error', code: 'EIO' } : undefined,
      );
      const scan = scanLog(layout, { fs: faulty.fs }, () => undefined);
      await expect(scan).rejects.toMatchObject({
        code: 'STORE_UNREADABLE',
        path: layout.logPath,
      });
      expect(faulty.unclosed()).toEqual([]);
    });
  });

  test('when the visitor throws', async () => {
    await withLog(content, async (layout) => {
      const before = readdirSync('/proc/self/fd').length;
      const scan = scanLog(layout, { fs }, () => {
        throw new Error('no more');
      });
      await expect(scan).rejects.toThrow('no more');
      expect(readdirSync('/proc/self/fd')).toHaveLength(before);
    });
  });
});

test('a log that is missing or empty has no lines, and is not opened', async () => {
  await withLog('', async (layout) => {
    const faulty = faultyFileSystem(fs, () => undefined);
    await scanLog(layout, { fs: faulty.fs }, () => expect.unreachable());
    expect(faulty.calls.map(({ operation }) => operation)).toEqual(['stat']);
  });
});

test('other work gets its turn during a long scan', async () => {
  const line = `${recordLine('e', 'd', { summary32: 'x'.repeat(2000) })}\n`;
  await withLog(line.repeat(4000), async (layout) => {
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    await idsIn(layout, 'd');
    clearInterval(timer);
    expect(turns).toBeGreaterThan(0);
  });
});

test('what is appended during a scan is left to the next one', async () => {
  await withLog(`${recordLine('e1', 'd')}\n`, async (layout) => {
    let visited = 0;
    await scanLog(layout, { fs }, () => {
      visited++;
      writeFileSync(layout.logPath, readFileSync(layout.logPath, 'utf8').repeat(2));
    });
    expect(visited).toBe(1);
  });
});

test('a log holds a run whose record or note came since the attempt began, and no other', async () => {
  const written = { domain: 'd', reward: { gtScore: 1, relativeRank: 0 }, summary: 's' };
  const record = { id: 'a', runId: 'r1', createdAt: '2026-01-01T00:00:10.000Z', ...written };
  const note = {
    id: 'a',
    domain: 'd',
    note: 'seen',
    runId: 'r2',
    createdAt: '2026-01-01T00:00:20.000Z',
  };
  const lines = [record, note].map((line) => `${JSON.stringify(line)}\n`).join('');
  await withLog(lines, async (layout) => {
    expect(await holdsRun(layout, { runId: 'r1', since: '2026-01-01T00:00:10.000Z' })).toBe(true);
    expect(await holdsRun(layout, { runId: 'r1', since: '2026-01-01T00:00:11.000Z' })).toBe(false);
    expect(await holdsRun(layout, { runId: 'r2', since: '2026-01-01T00:00:00.000Z' })).toBe(true);
    expect(await holdsRun(layout, { runId: 'r3', since: '2026-01-01T00:00:00.000Z' })).toBe(false);
  });
});
