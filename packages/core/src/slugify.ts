/**
 * A text as part of a file name: letters and digits of ASCII kept with their case, every other run of
 * characters a single `-`, none at the ends, at most 80 characters, `command` when nothing is left.
 */
export function slugify(text: string): string {
  const slug = text.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '');
  return slug.slice(0, 80).replace(/-$/, '') || 'command';
}
