import type { RunObserver } from '@codex-orchestrator/pipeline';

import type { Answer } from './answer.js';
import type { Interactivity } from './interactivity.js';
import type { Io } from './io.js';
import { createColors } from './render/colors.js';
import { createProgress } from './render/progress.js';
import type { Progress } from './render/progress.js';

/** Shows a run while it goes on: its events to whoever asked for them, its progress to people. */
export function watchRun(interactivity: Interactivity, answer: Answer, io: Io): RunObserver {
  const progress = openProgress(interactivity, io);
  return {
    onEvent(event) {
      answer.event(event);
      progress?.onEvent(event);
    },
    ...(progress === undefined ? {} : outputObserver(progress)),
  };
}

function openProgress({ progress, colors }: Interactivity, io: Io): Progress | undefined {
  if (progress === 'none') return undefined;
  const { stderr: stream, clock } = io;
  return createProgress({ stream, clock, colors: createColors(colors), mode: progress });
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
