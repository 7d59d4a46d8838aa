import { countBy } from './count-by.js';
import type { MetricKind } from './metric-definitions.js';
import type { MachineFingerprint, RunSample } from './run-sample.js';

/** Why values of a kind cannot be compared, whatever they are; null where they can. */
export type Barriers = Readonly<Record<MetricKind, string | null>>;

export function barriersOf(before: readonly RunSample[], after: readonly RunSample[]): Barriers {
  const common =
    missingRuns(before, after) ??
    mixedPipelines('before', before) ??
    mixedPipelines('after', after);
  return {
    measure: common ?? machineBarrier(before, after),
    count: common ?? sourceBarrier([...before, ...after]),
  };
}

function missingRuns(before: readonly RunSample[], after: readonly RunSample[]): string | null {
  if (before.length > 0 && after.length > 0) return null;
  return `no run ${before.length === 0 ? 'before' : 'after'} succeeded`;
}

function mixedPipelines(side: string, samples: readonly RunSample[]): string | null {
  const pipelines = countBy(samples, ({ pipelineId }) => pipelineId ?? '').length;
  return pipelines < 2 ? null : `the runs ${side} are of ${String(pipelines)} pipelines`;
}

function sourceBarrier(samples: readonly RunSample[]): string | null {
  if (countBy(samples, ({ source }) => source).length < 2) return null;
  return 'some counts are from manifests and some from the history, which counts less of a run';
}

function machineBarrier(before: readonly RunSample[], after: readonly RunSample[]): string | null {
  const unknown = [...before, ...after].filter(({ machine }) => machine === null).length;
  if (unknown > 0) return `the machine of ${String(unknown)} runs is not known`;
  return (
    mixedMachines('before', before) ?? mixedMachines('after', after) ?? different(before, after)
  );
}

function mixedMachines(side: string, samples: readonly RunSample[]): string | null {
  const machines = countBy(samples, machineKey).length;
  return machines < 2 ? null : `the runs ${side} are of ${String(machines)} machines`;
}

function different(before: readonly RunSample[], after: readonly RunSample[]): string | null {
  const [one, other] = [before[0]?.machine, after[0]?.machine];
  if (one == null || other == null) return null;
  const differing = members.filter((member) => one[member] !== other[member]);
  if (differing.length === 0) return null;
  return `the machines before and after differ in ${differing.map((member) => words[member]).join(', ')}`;
}

/** Text that is the same for the same machine in the same state. */
export function machineKey({ machine }: Pick<RunSample, 'machine'>): string {
  return machine === null ? '' : JSON.stringify(members.map((member) => machine[member]));
}

const words = {
  id: 'id',
  cpuModel: 'processor',
  cpus: 'number of processors',
  memoryMb: 'memory',
  os: 'operating system',
  arch: 'architecture',
  node: 'version of Node',
} as const satisfies Readonly<Record<keyof MachineFingerprint, string>>;
const members = Object.keys(words) as readonly (keyof MachineFingerprint)[];
