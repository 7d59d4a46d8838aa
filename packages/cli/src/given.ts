/** An object without the members that are undefined: absent and undefined are not the same here. */
export function given<Members extends object>(members: Members): Given<Members> {
  const entries = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Given<Members>;
}

type Given<Members> = {
  readonly [Name in keyof Members]?: Exclude<Members[Name], undefined>;
};
