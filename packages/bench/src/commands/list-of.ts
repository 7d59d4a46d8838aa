/** What was given for an option that can be repeated; undefined where it was not given. */
export function listOf(
  given: string | readonly string[] | undefined,
): readonly string[] | undefined {
  return typeof given === 'string' ? [given] : given;
}
