/** Whether arguments have one of these flags, alone or with its value behind `=`. */
export function namesAny(args: readonly string[], flags: readonly string[]): boolean {
  return args.some((arg) => flags.includes(arg.split('=', 1)[0] ?? arg));
}
