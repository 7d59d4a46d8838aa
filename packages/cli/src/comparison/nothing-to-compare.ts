import type { RunSelector } from '@codex-orchestrator/report';

import { CliError } from '../errors.js';
import { countedNames } from '../render/compare.js';
import { countOf } from '../render/metrics-numbers.js';
import { taskFoldersIn } from '../task-folders.js';
import type { Workspace } from '../workspace.js';
import type { GatheredSide } from './gather-sides.js';
import { surveyHistory } from './survey.js';
import type { Survey } from './survey.js';

export interface EmptySide {
  readonly flag: '--after' | '--before';
  readonly selector: RunSelector;
  readonly side: GatheredSide;
}

/** The error for a side without runs: it names what there would have been. */
export async function nothingToCompare(
  { flag, selector, side }: EmptySide,
  workspace: Workspace,
): Promise<CliError> {
  const { taskId, missing } = side;
  const survey = await surveyHistory({ taskId, workspace });
  const gone = missing.length === 0 ? '' : `; no such run: ${missing.slice(0, 10).join(', ')}`;
  const message = `\`${flag} ${selector.text}\` selects no run of task ${taskId}${gone}`;
  const tasks = taskFoldersIn(workspace.runsDir);
  return new CliError('NOTHING_TO_COMPARE', [message, ...wordsOf(survey, tasks)].join('\n'), {
    hint: 'Say which runs are meant: codex-orchestrator compare --help',
    details: {
      selector: selector.text,
      task_id: taskId,
      runs: survey.runs,
      pipelines: survey.pipelines,
      tags: survey.tags,
      missing_runs: missing,
      tasks,
    },
  });
}

function wordsOf({ runs, pipelines, tags }: Survey, tasks: readonly string[]): string[] {
  if (runs === 0) {
    return [`  Its history has no runs. Tasks: ${tasks.length === 0 ? 'none' : tasks.join(', ')}`];
  }
  return [
    `  Its history has ${countOf(runs, 'entry', 'entries')}`,
    `  Pipelines: ${countedNames(pipelines)}`,
    `  Tags: ${tags.length === 0 ? 'none' : countedNames(tags)}`,
  ];
}
