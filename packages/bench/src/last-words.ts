/** The end of what a process said, for messages. */
export function lastWords(stderr: string): string {
  const said = stderr.trim().slice(-600);
  return said === '' ? '' : `: ${said}`;
}
