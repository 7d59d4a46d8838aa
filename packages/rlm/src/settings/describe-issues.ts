import type * as z from 'zod/mini';

/** The first few things that a schema found, with where they are. */
export function describeIssues(issues: readonly z.core.$ZodIssue[]): string {
  const said = issues.slice(0, 3).map(({ path, message }) => {
    const where = path.map(String).join('.');
    return where === '' ? message : `${where}: ${message}`;
  });
  const more = issues.length > 3 ? `, and ${issues.length - 3} more` : '';
  return `${said.join('; ')}${more}`;
}
