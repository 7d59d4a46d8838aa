import { CoreError } from './errors.js';
import { checkIdentifier } from './safe-segment.js';

/** A task's name, checked to be safe as one path segment on every platform. */
export type TaskId = string & { readonly [taskIdBrand]: true };
declare const taskIdBrand: unique symbol;

/**
 * Accepts a task id as it is; nothing is trimmed or replaced, so what was asked for is what is used.
 * @throws `CoreError` `INVALID_ID` with the first rule that the text breaks.
 */
export function parseTaskId(text: string): TaskId {
  const checked = checkIdentifier(text);
  if (checked.ok) return checked.value as TaskId;
  throw new CoreError('INVALID_ID', `Invalid task ID ${quote(text)}: ${checked.error}`);
}

/** Short and without control characters, whatever the text. */
function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
