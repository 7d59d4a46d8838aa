import { placeWith } from './bench-log.mjs';

const times = 25;

/** @type {import('@codex-orchestrator/bench').TimeGuard} */
export const guard = {
  kind: 'time',
  promise:
    'Twenty-five look-ups, each by a store that remembers nothing, take no more time than before.',
  async prepare(context) {
    const { openExperienceStore } = await context.load(
      '@codex-orchestrator/experience-store/store',
    );
    const place = await placeWith(context, { lines: 10_000, variant: 'compact' });
    const query = { taskId: place.taskId, domain: place.domain, limit: 3 };
    await openExperienceStore(place).fetchTop(query);
    return { openExperienceStore, place, query };
  },
  async run({ openExperienceStore, place, query }) {
    const ids = [];
    for (let time = 0; time < times; time += 1) {
      const { source, records } = await openExperienceStore(place).fetchTop(query);
      ids.push(source, ...records.map(({ id }) => id));
    }
    return ids;
  },
};
