import { parseRunId } from '@codex-orchestrator/core';

import { ReportError } from '../errors.js';
import { plainText } from '../html/plain-text.js';
import { nearestWord } from './nearest-word.js';
import { parseSelectorTime } from './selector-time.js';

/** Which runs are meant: those that fit everything that is said. */
export interface RunSelector {
  /** As it was written. */
  readonly text: string;
  /** Explicit runs; empty where none are named. */
  readonly runs: readonly string[];
  /** All of them have to be there. */
  readonly tags: readonly string[];
  readonly task?: string;
  readonly pipeline?: string;
  readonly status?: string;
  /** The beginning of its id, in lower case. */
  readonly commit?: string;
  /** Runs that began at this time, in milliseconds since 1970, or later. */
  readonly sinceMs?: number;
  /** Runs that began at this time or earlier. */
  readonly untilMs?: number;
  /** Of those that fit, the newest so many. */
  readonly last?: number;
}

/**
 * Reads which runs are meant from pairs `key=value`, separated by commas or spaces: `task`, `pipeline`,
 * `status`, `tag` (may be repeated: all of them), `commit` (at least the first four digits), `since` and
 * `until` (`2026-01-31`, or with a time as `2026-01-31T10:00`, UTC where nothing else is said; a day is
 * meant to its end), `run` (may be repeated: any of them), `last=<n>` (the newest). A run id alone means
 * that run, `latest` the newest one.
 *
 * @throws ReportError `SELECTOR_INVALID`, which names the part that is not understood.
 */
export function parseSelector(text: string): RunSelector {
  const parts = text.split(/[\s,]+/).filter((part) => part !== '');
  if (parts.length === 0) throw invalid(text, 'it says nothing', `try \`latest\` or \`task=<id>\``);
  const draft: Draft = { runs: [], tags: [] };
  for (const part of parts) readPart(text, part, draft);
  const { runs, tags, ...single } = draft;
  return { text, runs: [...new Set(runs)], tags: [...new Set(tags)], ...single };
}

type Draft = {
  -readonly [Key in keyof Omit<RunSelector, 'text' | 'runs' | 'tags'>]: RunSelector[Key];
} & {
  readonly runs: string[];
  readonly tags: string[];
};

type Reader = (value: string, draft: Draft) => string | undefined;

/** Each takes a value, or says what it expected instead. */
const readers: Readonly<Record<string, Reader>> = {
  task: (value, draft) => void (draft.task = value),
  pipeline: (value, draft) => void (draft.pipeline = value),
  status: (value, draft) => void (draft.status = value),
  tag: (value, draft) => void draft.tags.push(value),
  run: (value, draft) => void draft.runs.push(value),
  commit: (value, draft) => {
    if (!/^[0-9a-f]{4,64}$/i.test(value)) return 'expected 4 to 64 hexadecimal digits';
    draft.commit = value.toLowerCase();
    return undefined;
  },
  since: (value, draft) => {
    draft.sinceMs = parseSelectorTime(value, 'start');
    return Number.isNaN(draft.sinceMs) ? expectedTime : undefined;
  },
  until: (value, draft) => {
    draft.untilMs = parseSelectorTime(value, 'end');
    return Number.isNaN(draft.untilMs) ? expectedTime : undefined;
  },
  last: (value, draft) => {
    if (!/^[1-9]\d{0,8}$/.test(value)) return 'expected an integer of at least 1';
    draft.last = Number(value);
    return undefined;
  },
};
const keys = Object.keys(readers);
const expectedTime = 'expected a time such as `2026-01-31` or `2026-01-31T10:00`, without spaces';

const singleMembers: Readonly<Record<string, keyof Draft>> = {
  task: 'task',
  pipeline: 'pipeline',
  status: 'status',
  commit: 'commit',
  since: 'sinceMs',
  until: 'untilMs',
  last: 'last',
};

function readPart(text: string, part: string, draft: Draft): void {
  const [key, value] = pairOf(text, part);
  const reader = Object.hasOwn(readers, key) ? readers[key] : undefined;
  if (reader === undefined) {
    const meant = nearestWord(key, keys);
    const hint =
      meant === undefined ? `known are ${keys.join(', ')}` : `did you mean \`${meant}=\`?`;
    throw invalid(text, `\`${key}\` is no key`, hint);
  }
  if (value === '') throw invalid(text, `\`${key}=\` has no value`);
  const member = singleMembers[key];
  if (member !== undefined && draft[member] !== undefined) {
    throw invalid(text, `\`${key}\` is said twice`);
  }
  const problem = reader(value, draft);
  if (problem !== undefined) throw invalid(text, `\`${key}\` is \`${value}\``, problem);
}

function pairOf(text: string, part: string): [string, string] {
  const at = part.indexOf('=');
  if (at !== -1) return [part.slice(0, at), part.slice(at + 1)];
  if (part === 'latest') return ['last', '1'];
  if (parseRunId(part).ok) return ['run', part];
  const meant = nearestWord(part, ['latest', ...keys]);
  const hints = `expected \`key=value\`, a run id or \`latest\`; known keys are ${keys.join(', ')}`;
  if (meant === undefined) throw invalid(text, `\`${part}\` is neither`, hints);
  const whole = meant === 'latest' ? meant : `${meant}=<value>`;
  throw invalid(text, `\`${part}\` is neither`, `${hints}; did you mean \`${whole}\`?`);
}

function invalid(text: string, problem: string, hint?: string): ReportError {
  const message = `Cannot read the selector "${text}": ${problem}${hint === undefined ? '' : `; ${hint}`}`;
  return new ReportError('SELECTOR_INVALID', plainText(message), { subject: text });
}
