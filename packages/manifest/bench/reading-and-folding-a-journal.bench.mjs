import { end, layoutOf, runStages, standingClock, startOf } from './sample-run.mjs';

const stages = 200;

/** @type {import('@codex-orchestrator/bench').TimeGuard} */
export const guard = {
  kind: 'time',
  promise: 'Reading a journal of 400 events and folding them takes no more time than before.',
  async prepare(context) {
    const { foldEvents, openRunRecord, readJournal } = await context.load(
      '@codex-orchestrator/manifest',
    );
    const layout = await layoutOf(context);
    const record = await openRunRecord(startOf(layout, stages), { clock: standingClock });
    runStages(record, stages);
    await record.seal(end);
    return { readJournal, foldEvents, path: layout.journalPath };
  },
  async run({ readJournal, foldEvents, path }) {
    const { events, damaged } = await readJournal(path);
    const manifest = foldEvents(events);
    return { damaged, status: manifest?.status, stages: manifest?.commands.length };
  },
};
