import { checkIdentifier } from '@codex-orchestrator/core';

/** What a task is called in an index: each member as far as the index says it. */
export interface TaskNames {
  readonly id: string | undefined;
  readonly slug: string | undefined;
  /** Paths of the task's own files, the one that says most first. */
  readonly paths: readonly string[];
}

/**
 * The key of a task, `<id>-<slug>`: the name of its checklist, of its mirror, and of the runs made for it.
 * A slug that begins with the id already is the key by itself. Without a slug the key is read from the
 * path of the task's checklist, spec or mirror; without one, it is the id. Undefined where nothing is
 * left that is safe as a path segment.
 */
export function taskKeyOf({ id, slug, paths }: TaskNames): string | undefined {
  if (slug !== undefined) {
    const isPrefixed = id === undefined || slug === id || slug.startsWith(`${id}-`);
    return safe(isPrefixed ? slug : `${id}-${slug}`);
  }
  for (const path of paths) {
    const key = keyInPath(path);
    if (key !== undefined) return key;
  }
  if (id === undefined) return undefined;
  // `20260102-0939-title` is the task 0939-title of that day.
  return safe(/^\d{8}-(\d{4}-.+)$/.exec(id)?.[1] ?? id);
}

/** The checklist of a task, relative to the root. */
export function checklistPathOf(key: string): string {
  return `tasks/tasks-${key}.md`;
}

/** The longest key that a name is, or begins with and goes on behind a dash; undefined without one. */
export function keyFor(name: string, keys: Iterable<string>): string | undefined {
  let longest: string | undefined;
  for (const key of keys) {
    const fits = name === key || name.startsWith(`${key}-`);
    if (fits && key.length > (longest?.length ?? 0)) longest = key;
  }
  return longest;
}

function keyInPath(path: string): string | undefined {
  const places = /^(?:\.\/)?(?:tasks\/tasks-|tasks\/specs\/|\.agent\/task\/)([^/]+)\.md$/;
  const key = places.exec(path.replaceAll('\\', '/'))?.[1];
  return key === undefined ? undefined : safe(key);
}

function safe(key: string): string | undefined {
  return checkIdentifier(key).ok ? key : undefined;
}
