import { shortText } from './plain-text.js';
import { html } from './safe-html.js';
import type { SafeHtml } from './safe-html.js';

/** How good something is, shown by colour; `icon` says the same by shape. */
export type Tone = 'bad' | 'calm' | 'good' | 'warn';

type Icon = 'alert' | 'check' | 'cross' | 'dash' | 'dot' | 'question' | 'stop' | 'wait';

export interface VerdictLook {
  readonly tone: Tone;
  readonly icon: Icon;
}

const looks: ReadonlyMap<string, VerdictLook> = new Map([
  ...looksOf({ tone: 'good', icon: 'check' }, 'succeeded', 'intact', 'valid', 'held', 'improved'),
  ...looksOf({ tone: 'good', icon: 'check' }, 'unchanged', 'identical', 'passed'),
  ...looksOf({ tone: 'good', icon: 'check' }, 'completed', 'best'),
  ...looksOf({ tone: 'bad', icon: 'cross' }, 'failed', 'regressed', 'damaged', 'invalid', 'slower'),
  ...looksOf({ tone: 'bad', icon: 'stop' }, 'timed out', 'silent'),
  ...looksOf({ tone: 'bad', icon: 'cross' }, 'error', 'validator error', 'invalid config'),
  ...looksOf({ tone: 'bad', icon: 'cross' }, 'not runnable', 'spawn failed'),
  ...looksOf({ tone: 'bad', icon: 'cross' }, 'aborted without terminal event'),
  ...looksOf({ tone: 'bad', icon: 'stop' }, 'stalled', 'output limit'),
  ...looksOf({ tone: 'bad', icon: 'alert' }, 'interrupted', 'validator tampered'),
  ...looksOf({ tone: 'warn', icon: 'stop' }, 'cancelled', 'max iterations', 'max minutes'),
  ...looksOf({ tone: 'warn', icon: 'stop' }, 'budget exceeded', 'budget limit'),
  ...looksOf({ tone: 'warn', icon: 'question' }, 'no validator', 'blocked on human'),
  ...looksOf({ tone: 'warn', icon: 'question' }, 'undecided', 'unchecked', 'not judged'),
  ...looksOf({ tone: 'calm', icon: 'wait' }, 'in progress', 'running', 'queued', 'pending'),
  ...looksOf({ tone: 'calm', icon: 'dash' }, 'skipped', 'absent', 'new', 'not verified'),
]);

/** How a verdict or a status is shown; words that are not known are shown calmly. */
export function verdictLook(verdict: string): VerdictLook {
  return looks.get(words(verdict)) ?? { tone: 'calm', icon: 'dot' };
}

/** A verdict or a status as a word with a sign and a colour. */
export function verdictBadge(verdict: string): SafeHtml {
  const { tone, icon } = verdictLook(verdict);
  return html`<span class="badge tone-${tone}"
    ><svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><use href="#icon-${icon}"></use></svg
    >${shortText(words(verdict), 40)}</span
  >`;
}

/** `timed_out` as `timed out`. */
export function words(verdict: string): string {
  return verdict.replaceAll(/[_-]/g, ' ');
}

function looksOf(look: VerdictLook, ...names: readonly string[]): [string, VerdictLook][] {
  return names.map((name) => [name, look]);
}
