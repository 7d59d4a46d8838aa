import { slugify } from '@codex-orchestrator/core';

import { exampleTitle } from '../prompt/findings-contract.js';
import { describeIssues } from '../settings/describe-issues.js';
import type { CandidateFix, Finding, Hotspot } from './findings.js';
import { findingsBounds, looseFindingSchema } from './findings-schema.js';
import type { LooseFinding } from './findings-schema.js';
import { toRepositoryPath } from './repository-path.js';

export interface FindingContext {
  readonly root: string | undefined;
  /** Ids that are taken. */
  readonly ids: ReadonlySet<string>;
  /** Told why something is left out. */
  readonly note: (why: string) => void;
}

/** One finding of an agent in the form that is kept; undefined where it cannot be used. */
export function toFinding(item: unknown, context: FindingContext): Finding | undefined {
  const parsed = looseFindingSchema().safeParse(item);
  if (!parsed.success) {
    context.note(`left out, ${describeIssues(parsed.error.issues)}`);
    return undefined;
  }
  const loose = parsed.data;
  if (loose.title === exampleTitle) {
    // Some programs print their prompt before they answer.
    context.note('left out, it is the example of the prompt');
    return undefined;
  }
  const hotspot = toHotspot(loose, context);
  if (hotspot === undefined) return undefined;
  const evidence = toTexts(loose.evidence, findingsBounds.evidence);
  if (evidence.length === 0) {
    context.note('left out, it has no evidence');
    return undefined;
  }
  const title = shorten(loose.title, findingsBounds.titleCharacters);
  const impact = maybe(loose.impact);
  return {
    id: uniqueId(String(loose.id ?? ''), `${hotspot.file} ${title}`, context.ids),
    title,
    hotspot,
    evidence,
    ...(impact !== undefined && { impact }),
    candidate_fixes: (loose.candidate_fixes ?? [])
      .flatMap((fix) => toFix(typeof fix === 'string' ? { title: fix } : fix, context) ?? [])
      .slice(0, findingsBounds.fixes),
  };
}

function toHotspot({ hotspot }: LooseFinding, { root, note }: FindingContext): Hotspot | undefined {
  const written = typeof hotspot === 'string' ? { file: hotspot } : hotspot;
  const place = toRepositoryPath(written.file, root);
  if (!place.ok) {
    note(`left out, its file cannot be used: ${place.error}`);
    return undefined;
  }
  const { symbol, lines } = { symbol: undefined, lines: undefined, ...written };
  const name = maybe(symbol, findingsBounds.titleCharacters);
  const range = toLines(lines) ?? toLines(place.value.lines);
  return {
    file: place.value.path,
    ...(name !== undefined && { symbol: name }),
    ...(range !== undefined && { lines: range }),
  };
}

/** `12`, `12-30`, `L12-L30`, `[12, 30]` or `{ start: 12, end: 30 }`. */
function toLines(value: unknown): string | undefined {
  const words: unknown[] =
    typeof value === 'object' && value !== null ? Object.values(value) : [value];
  const text = words
    .filter((word) => typeof word === 'string' || typeof word === 'number')
    .join('-');
  const found = /^\s*L?(\d{1,9})(?:\s*(?:-|–|\.\.|,|to)\s*L?(\d{1,9}))?\s*$/i.exec(text);
  const [, first, last] = found ?? [];
  if (first === undefined) return undefined;
  return last === undefined || Number(last) <= Number(first) ? first : `${first}-${last}`;
}

type LooseFix = Exclude<NonNullable<LooseFinding['candidate_fixes']>[number], string>;

function toFix(loose: LooseFix, { root, note }: FindingContext): CandidateFix | undefined {
  const description = maybe(loose.description) ?? '';
  const title = maybe(loose.title, findingsBounds.titleCharacters);
  if (title === undefined && description === '') return undefined;
  const files = toTexts(loose.files, findingsBounds.files).flatMap((file) => {
    const place = toRepositoryPath(file, root);
    if (place.ok) return place.value.path;
    note(`a file of a fix is left out: ${place.error}`);
    return [];
  });
  const tests = toTexts(loose.tests, findingsBounds.files);
  const risk = maybe(loose.risk);
  return {
    title: title ?? shorten(description, findingsBounds.titleCharacters),
    description,
    files: [...new Set(files)],
    tests: tests.map((test) => shorten(test, findingsBounds.pathCharacters)),
    ...(risk !== undefined && { risk }),
  };
}

function toTexts(value: string | readonly unknown[] | null | undefined, count: number): string[] {
  const items = typeof value === 'string' ? [value] : (value ?? []);
  return items
    .filter((item) => typeof item === 'string' || typeof item === 'number')
    .map((item) => shorten(String(item), findingsBounds.textCharacters))
    .filter((text) => text !== '')
    .slice(0, count);
}

function maybe(
  text: string | null | undefined,
  maxCharacters: number = findingsBounds.textCharacters,
): string | undefined {
  const short = shorten(text ?? '', maxCharacters);
  return short === '' ? undefined : short;
}

function shorten(text: string, maxCharacters: number): string {
  const trimmed = text.trim();
  if (trimmed.length <= maxCharacters) return trimmed;
  return `${trimmed.slice(0, maxCharacters - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

function uniqueId(given: string, fallback: string, taken: ReadonlySet<string>): string {
  const wanted = /[A-Za-z0-9]/.test(given) ? given : fallback;
  const id = slugify(wanted).slice(0, 60).toLowerCase();
  let unique = id;
  for (let count = 2; taken.has(unique); count++) unique = `${id}-${count}`;
  return unique;
}
