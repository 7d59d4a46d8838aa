import type { Io } from '../../io.js';
import { redactorFor } from '../../privacy.js';

/**
 * Says whether a text has a secret in it, whatever the privacy mode: what is given to later runs
 * travels far.
 */
export function secretFinder(env: Io['env']): (text: string) => boolean {
  const redactor = redactorFor({ ...env, CODEX_PRIVACY_GUARD_MODE: 'enforce' });
  return (text) => redactor.text(text) !== text;
}
