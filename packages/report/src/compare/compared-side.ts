import { machineKey } from './barriers.js';
import type { ComparedSide } from './comparison.js';
import { countBy } from './count-by.js';
import type { RunSample } from './run-sample.js';
import { latestAttempts } from './select-samples.js';

/** What a comparison says of the runs of one side. */
export function describeSide(given: readonly RunSample[], label: string | undefined): ComparedSide {
  const samples = latestAttempts(given);
  const measured = samples.filter(({ status }) => status === 'succeeded');
  const starts = samples.flatMap(({ startedAt }) => startedAt ?? []);
  const leftOut = samples.filter(({ status }) => status !== 'succeeded');
  return {
    label: label ?? null,
    runIds: samples.map(({ runId }) => runId),
    measured: measured.length,
    leftOut: countBy(leftOut, ({ status }) => status).map(({ first, runs }) => ({
      status: first.status,
      runs,
    })),
    repeated: countBy(given, ({ runId }) => runId)
      .filter(({ runs }) => runs > 1)
      .map(({ first }) => first.runId),
    machines: groupsOf(measured, 'machine', machineKey),
    pipelines: groupsOf(measured, 'pipelineId'),
    commits: groupsOf(measured, 'commit'),
    toolVersions: groupsOf(measured, 'toolVersion'),
    firstStartedAt: starts[0] ?? null,
    lastStartedAt: starts.at(-1) ?? null,
  };
}

function groupsOf<Member extends keyof RunSample>(
  samples: readonly RunSample[],
  member: Member,
  keyOf = (sample: RunSample): string => JSON.stringify(sample[member]),
): (Pick<RunSample, Member> & { readonly runs: number })[] {
  return countBy(samples, keyOf).map(({ first, runs }) => ({
    ...({ [member]: first[member] } as Pick<RunSample, Member>),
    runs,
  }));
}
