import type { PlannedStage, RunEvent, RunRecordedEvent, RunResumedEvent } from './events.js';
import { isFinalStatus } from './manifest.js';
import type { Manifest, StageStatus } from './manifest.js';

/** What a stage must be for an event about it. */
const stageStatusBefore = {
  'stage.started': 'pending',
  'stage.spawned': 'running',
  'stage.retried': 'running',
  'stage.finished': 'running',
  'loop.started': 'running',
  'loop.iteration': 'running',
  'stage.skipped': 'pending',
} as const satisfies Partial<Record<RunEvent['type'], StageStatus>>;

/** Why an event cannot follow what is recorded so far; undefined when it can. Costs O(1) but for the start. */
export function refusalOf(manifest: Manifest | undefined, event: EventOutline): string | undefined {
  const name = `The event '${event.type}'`;
  if (event.type === 'run.started') {
    if (manifest) return `${name} can only be the first of a run`;
    return misplacedStage(name, event.stages);
  }
  if (!manifest) return `${name} cannot be the first of a run`;
  if (event.type === 'run.resume_refused') return undefined;
  if (event.type === 'run.resumed') return resumeRefusal(name, manifest, event);
  if (event.type === 'run.recorded') return countRefusal(name, manifest, event);
  if (isFinalStatus(manifest.status)) return `${name} follows the end of the run`;
  if (!isStageEvent(event)) return undefined;
  const { index, id } = event;
  const stage = manifest.commands[index - 1];
  if (stage?.id !== id) return `${name} names no stage of the run: ${index} '${id}'`;
  const expected = stageStatusBefore[event.type];
  if (stage.status !== expected) {
    return `${name} needs the stage '${id}' to be ${expected}, it is ${stage.status}`;
  }
  const isOfLoop = event.type === 'loop.started' || event.type === 'loop.iteration';
  if (!isOfLoop || stage.kind === 'rlm') return undefined;
  return `${name} needs the stage '${id}' to be a loop, it is of kind ${stage.kind}`;
}

function misplacedStage(name: string, stages: readonly PlannedStage[]): string | undefined {
  const misplaced = stages.find((stage, at) => stage.index !== at + 1);
  return misplaced && `${name} gives the stage '${misplaced.id}' the wrong index`;
}

/** A further attempt needs an end of the one before it, and one that left something to do. */
function resumeRefusal(
  name: string,
  { status, attempt }: Manifest,
  event: ResumedOutline,
): string | undefined {
  if (!isFinalStatus(status)) return `${name} follows an attempt that has not ended`;
  if (status === 'succeeded') return `${name} follows an attempt that succeeded`;
  if (event.attempt !== attempt + 1) {
    return `${name} begins attempt ${event.attempt} after attempt ${attempt}`;
  }
  return misplacedStage(name, event.stages);
}

/** An attempt is counted when it has ended, and once. */
function countRefusal(
  name: string,
  { status, attempt, metrics_recorded: isCounted }: Manifest,
  event: RecordedOutline,
): string | undefined {
  if (!isFinalStatus(status)) return `${name} precedes the end of the attempt`;
  if (event.attempt !== attempt) {
    return `${name} counts attempt ${event.attempt} at the end of attempt ${attempt}`;
  }
  return isCounted ? `${name} follows another one of attempt ${attempt}` : undefined;
}

/** The part of an event that decides whether it may follow. */
export type EventOutline =
  | { readonly type: 'run.started'; readonly stages: readonly PlannedStage[] }
  | { readonly type: 'run.cancelling' | 'run.finished' | 'run.recovered' | 'run.resume_refused' }
  | RecordedOutline
  | ResumedOutline
  | StageEventOutline;

type RecordedOutline = Pick<RunRecordedEvent, 'attempt' | 'type'>;

type ResumedOutline = Pick<RunResumedEvent, 'attempt' | 'stages' | 'type'>;

function isStageEvent(event: EventOutline): event is StageEventOutline {
  return event.type in stageStatusBefore;
}

interface StageEventOutline {
  readonly type: keyof typeof stageStatusBefore;
  readonly index: number;
  readonly id: string;
}
