import { boilerplateOf, withoutBoilerplate } from './boilerplate.js';
import { countWords } from './words.js';

import type { Evidence } from '../record/record.js';
import type { BoilerplateKind } from './boilerplate.js';

/** What is known about a lesson that somebody wants to record. */
export interface LessonContext {
  readonly runId: string;
  /** One of both has to lead back to the run. */
  readonly evidence?: Evidence | null | undefined;
  readonly manifestPath?: string | null | undefined;
  /** Whether a text has a secret in it. @default no text is taken to have one */
  readonly hasSecret?: ((text: string) => boolean) | undefined;
  /** How alike the text is to the nearest known one, 0 to 1. @default nothing is known */
  readonly similarity?: number | ((text: string) => number) | undefined;
  /** What the run was told: repeating it is no lesson. */
  readonly prompts?: readonly string[] | undefined;
  readonly limits?: LessonLimits | undefined;
}

export interface LessonLimits {
  /** Without the parts that are boilerplate. @default 4 */
  readonly minWords?: number | undefined;
  /** @default 256 */
  readonly maxWords?: number | undefined;
  /** UTF-16 units. @default 4096 */
  readonly maxCharacters?: number | undefined;
  /** From which likeness on a text is known already. @default 0.85 */
  readonly knownSimilarity?: number | undefined;
}

/** Why a text is no lesson: stable, to branch on and to count by. */
export type GateRuleName =
  | 'run-missing'
  | 'evidence-missing'
  | 'too-long'
  | BoilerplateKind
  | 'echoed-prompt'
  | 'too-short'
  | 'secret'
  | 'known-already';

export interface GateBreach {
  readonly ok: false;
  readonly rule: GateRuleName;
  /** A sentence that does not repeat the text. */
  readonly reason: string;
}

export type GateVerdict = { readonly ok: true } | GateBreach;

/** The rules in the order in which they are asked, each with what it means to break it. */
export const gateRules: Readonly<Record<GateRuleName, string>> = {
  'run-missing': 'It names no run.',
  'evidence-missing': 'Neither evidence nor a manifest leads back to its run.',
  'too-long': 'It is too long to be one lesson.',
  acknowledgement: 'It only says that something is done or well.',
  'bare-value': 'It is a number, a path or an id without words.',
  'exit-status': 'It only repeats how a command ended.',
  heartbeat: 'It only says that something is still going on.',
  'machine-output': 'It is data or a line of a log.',
  progress: 'It only shows how far something is.',
  prompt: 'It reads like an instruction to a model.',
  'tool-noise': 'It is what a tool prints every time.',
  wrapper: 'It is the frame around a run, and says nothing of the run.',
  'echoed-prompt': 'It repeats what the run was told.',
  'too-short': 'It has too few words of its own.',
  secret: 'It has a secret in it.',
  'known-already': 'It is too much like what is known already.',
};

const MIN_WORDS = 4;
const MAX_WORDS = 256;
const MAX_CHARACTERS = 4096;
const KNOWN_SIMILARITY = 0.85;

/** The rule that a text breaks, or undefined. */
type Check = (text: string, context: LessonContext) => GateRuleName | undefined;

/** What costs little and bounds the work of the rest goes first. */
const CHECKS: readonly Check[] = [
  (_, { runId }) => (runId.trim() === '' ? 'run-missing' : undefined),
  (_, context) => (leadsBack(context) ? undefined : 'evidence-missing'),
  (text, { limits }) => (isTooLong(text, limits) ? 'too-long' : undefined),
  boilerplateOf,
  (text, { prompts }) => (isEchoed(text, prompts) ? 'echoed-prompt' : undefined),
  (text, { limits }) => (isTooShort(text, limits) ? 'too-short' : undefined),
  (text, { hasSecret }) => (hasSecret?.(text) === true ? 'secret' : undefined),
  (text, context) => (isKnown(text, context) ? 'known-already' : undefined),
];

/**
 * Whether a text is worth recording as a lesson of its run: it cites the run, is neither too short nor
 * too long, is more than boilerplate, repeats neither a prompt nor what is known, and has no secret in
 * it. Parts that are boilerplate do not spoil a text that has a lesson beside them; take them out with
 * `withoutBoilerplate`. The verdict names the first rule that is broken.
 */
export function judgeLesson(text: string, context: LessonContext): GateVerdict {
  for (const check of CHECKS) {
    const rule = check(text, context);
    if (rule !== undefined) return { ok: false, rule, reason: gateRules[rule] };
  }
  return { ok: true };
}

function leadsBack({ evidence, manifestPath }: LessonContext): boolean {
  if ((manifestPath?.trim() ?? '') !== '') return true;
  if (evidence === null || evidence === undefined) return false;
  return evidence.path.trim() !== '' && /^[0-9a-f]{64}$/iu.test(evidence.sha256);
}

function isTooLong(text: string, limits: LessonLimits = {}): boolean {
  const { maxCharacters = MAX_CHARACTERS, maxWords = MAX_WORDS } = limits;
  return text.length > maxCharacters || countWords(text) > maxWords;
}

function isTooShort(text: string, { minWords = MIN_WORDS }: LessonLimits = {}): boolean {
  return countWords(withoutBoilerplate(text)) < minWords;
}

function isEchoed(text: string, prompts: readonly string[] = []): boolean {
  const said = plain(text);
  if (said === '') return false;
  return prompts.map(plain).some((prompt) => prompt !== '' && isEcho(said, prompt));
}

/** A piece of the prompt, or the prompt with a word or two around it. */
function isEcho(said: string, prompt: string): boolean {
  if (` ${prompt} `.includes(` ${said} `)) return true;
  return said.includes(prompt) && prompt.length >= said.length * 0.8;
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

function isKnown(text: string, { similarity = 0, limits }: LessonContext): boolean {
  const nearest = typeof similarity === 'function' ? similarity(text) : similarity;
  return nearest >= (limits?.knownSimilarity ?? KNOWN_SIMILARITY);
}
