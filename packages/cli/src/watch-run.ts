import type { RunObserver } from '@codex-orchestrator/pipeline';

import type { Answer } from './answer.js';
import { GuardedStream } from './github/guarded-stream.js';
import type { Interactivity } from './interactivity.js';
import type { Io } from './io.js';
import { createColors } from './render/colors.js';
import { createProgress } from './render/progress.js';
import type { Progress } from './render/progress.js';

/** Shows a run while it goes on: its events to whoever asked for them, its progress to people. */
export function watchRun(interactivity: Interactivity, answer: Answer, io: Io): RunObserver {
  const progress = openProgress(interactivity, answer, io);
  return {
    onEvent(event) {
      answer.event(event);
      progress?.onEvent(event);
    },
    ...(progress === undefined ? {} : outputObserver(progress)),
  };
}

/** An agent reads both streams and pays for every line, a terminal or not. */
export function openProgress(
  { progress, colors }: Interactivity,
  { isForAgent }: Answer,
  { stderr: stream, clock }: Io,
): Progress | undefined {
  if (progress === 'none') return undefined;
  return createProgress({
    stream,
    clock,
    colors: createColors(colors && !isForAgent),
    mode: isForAgent ? 'brief' : progress,
    // There, what a stage printed is only ever shown where no command can be issued.
    quotesOutput: !(stream instanceof GuardedStream),
  });
}

/** What a subpipeline prints is shown as output of the stage that started it. */
function outputObserver(progress: Progress): Pick<RunObserver, 'forSubpipeline' | 'onOutput'> {
  const forStage = (stageIndex: number): RunObserver => ({
    onEvent: () => undefined,
    onOutput: (_index, _stream, bytes) => {
      progress.onOutput(stageIndex, bytes);
    },
    forSubpipeline: () => forStage(stageIndex),
  });
  return {
    onOutput: (stageIndex, _stream, bytes) => {
      progress.onOutput(stageIndex, bytes);
    },
    forSubpipeline: forStage,
  };
}
