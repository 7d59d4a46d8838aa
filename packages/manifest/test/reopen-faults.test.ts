import { readFileSync } from 'node:fs';

import { createManualClock, createRig, faultyFileSystem } from '@codex-orchestrator/testing';
import type { Fault } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { listUnsealedRuns, readJournal, readManifest, verifyRun } from '../src/index.js';
import type { RunEvent } from '../src/index.js';
import { continueRun, leaveDeadRun, logName } from './dead-run.js';
import { countedIn, fileHistory } from './file-history.js';
import { unsyncedFileSystem } from './overlay.js';
import { sampleLayout, sampleRunId } from './sample-run.js';

const timeoutMs = 300_000;

/** Recovers and resumes a dead run with a fault per call, then makes an end of it without any. */
async function continueWith(plan: (nth: number) => Fault | undefined) {
  await using rig = await createRig();
  const layout = sampleLayout(rig.root);
  const clock = createManualClock();
  await leaveDeadRun(layout, { fs: unsyncedFileSystem, clock });
  const before = (await readJournal(layout.journalPath)).events;
  let nth = 0;
  const faulty = faultyFileSystem(unsyncedFileSystem, () => plan(++nth));
  const confirmed: RunEvent[] = [...before];
  const confirm = (event: RunEvent): void => void confirmed.push({ ...event });
  const path = rig.path('history');
  const faultyPorts = { fs: faulty.fs, history: fileHistory(path, faulty.fs) };
  const error = await continueRun(layout, { ...faultyPorts, clock, confirm }).catch(
    (thrown: unknown) => thrown,
  );
  const open = faulty.unclosed();

  const ports = { fs: unsyncedFileSystem, history: fileHistory(path, unsyncedFileSystem) };
  await continueRun(layout, { ...ports, clock });
  const { events, damaged, abandoned } = await readJournal(layout.journalPath);
  const { layouts } = await listUnsealedRuns({ root: rig.root });
  const { verdict, sealed, findings } = await verifyRun(layout);
  const { manifest } = await readManifest(layout.manifestPath);
  const attempts = Array.from({ length: manifest.attempt }, (_, at) => `${sampleRunId} ${at + 1}`);
  return {
    error,
    calls: faulty.calls,
    open,
    attempts,
    counted: countedIn(path, unsyncedFileSystem),
    state: {
      damaged,
      abandoned,
      lost: confirmed.filter(({ seq, chain }) => events[seq - 1]?.chain !== chain),
      unsealed: layouts.length,
      verdict,
      sealed,
      findings,
      end: events.at(-1)?.type,
      isCounted: manifest.metrics_recorded,
      // Of the attempt that died, whatever became of those after it.
      firstLog: readFileSync(`${layout.runDir}/attempts/1/${logName(2)}`, 'utf8'),
    },
  };
}

const whole = {
  damaged: [],
  abandoned: [],
  lost: [],
  unsealed: 0,
  verdict: 'intact',
  sealed: true,
  findings: [],
  end: 'run.recorded',
  isCounted: true,
  firstLog: 'one\n',
};

interface Way {
  readonly what: string;
  readonly fault: (nth: number, at: number) => Fault | undefined;
}

const ways: readonly Way[] = [
  {
    what: 'fails',
    fault: (nth, at) => (nth === at ? { kind: 'error', code: 'EIO' } : undefined),
  },
  {
    what: 'is done but says that it failed',
    fault: (nth, at) => (nth === at ? { kind: 'error', code: 'EIO', after: true } : undefined),
  },
  {
    what: 'is the last one of a process',
    fault: (nth, at) => (nth > at ? { kind: 'error', code: 'EIO' } : undefined),
  },
  {
    what: 'finds the disk full, as do all writes behind it',
    fault: (nth, at) => (nth >= at ? { kind: 'error', code: 'ENOSPC' } : undefined),
  },
];

test.for(ways.map((way) => [way.what, way] as const))(
  'when any system call of recovering and resuming %s, no fact is lost, the next try succeeds and each attempt is counted once',
  { timeout: timeoutMs },
  async ([, { fault }]) => {
    const clean = await continueWith(() => undefined);
    expect(clean).toMatchObject({ error: undefined, state: whole, open: [] });
    for (let at = 1; at <= clean.calls.length; at++) {
      const { state, calls, counted, attempts } = await continueWith((nth) => fault(nth, at));
      const { operation, args } = calls[at - 1] ?? {};
      const place = `call ${at}: ${operation} ${String(args?.[0])}`;
      expect(state, place).toEqual(whole);
      expect(counted, place).toEqual(attempts);
    }
  },
);
