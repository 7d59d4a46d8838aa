import { nodeFileSystem, readString } from '@codex-orchestrator/core';
import type { Plan, PlannedLoop } from '@codex-orchestrator/pipeline';

import { toKebabCase } from '../arguments/flags.js';
import { usageError } from '../errors.js';
import type { Io } from '../io.js';
import { chooseValidator } from './choose-validator.js';
import { findLoop } from './find-loop.js';
import type { LoopFlags } from './loop-flags.js';

export interface LoopCall {
  readonly plan: Plan;
  readonly root: string;
  readonly flags: LoopFlags;
  /** Whether somebody is there to answer a question. */
  readonly isAttended: boolean;
}

/**
 * The flags of a loop as its run goes by: with the validator that was chosen where somebody was asked.
 *
 * @throws CliError `USAGE` for flags of a loop where the plan has none
 */
export async function prepareLoop(call: LoopCall, io: Io): Promise<LoopFlags> {
  const { plan, root, flags, isAttended } = call;
  const loop = findLoop(plan);
  if (loop === undefined) return refuseFlags(flags, plan);
  if (!hasGoal(flags, loop, io) || !isDetecting(flags, loop, io)) return flags;
  const { detectValidators } = await import('../loop-library.js');
  const detection = detectValidators(root, nodeFileSystem);
  const validator = await chooseValidator(detection, isAttended, io);
  return validator === undefined ? flags : { ...flags, validator };
}

function refuseFlags(flags: LoopFlags, { pipeline }: Plan): LoopFlags {
  const [name] = Object.entries(flags).find(([, value]) => value !== undefined) ?? [];
  if (name === undefined) return flags;
  const flag = `--${toKebabCase(name)}`;
  const message = `\`${flag}\` is for an agent loop, and the pipeline '${pipeline.id}' has none`;
  throw usageError(message, `codex-orchestrator start rlm ${flag} …`);
}

/** Without one the loop does not begin, whoever judges. */
function hasGoal({ goal }: LoopFlags, { config }: PlannedLoop, { env }: Io): boolean {
  return (goal ?? readString(env, 'RLM_GOAL', undefined) ?? config.goal) !== undefined;
}

/** Whether the loop has to find its validator itself. */
function isDetecting({ validator }: LoopFlags, { config }: PlannedLoop, { env }: Io): boolean {
  const named = validator ?? readString(env, 'RLM_VALIDATOR', undefined);
  const wanted = named ?? config.validators ?? 'auto';
  return typeof wanted === 'string' && wanted.trim().toLowerCase() === 'auto';
}
