/** The code of whatever was thrown, such as `ENOENT` of the operating system; undefined without one. */
export function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : undefined;
}
