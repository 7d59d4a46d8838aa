/** What one flag takes. The kind decides how its text is read and what type its value has. */
export type Flag = BooleanFlag | TextFlag | IntegerFlag | NumberFlag | ChoiceFlag;

interface FlagBase {
  readonly description: string;
  /** Other names for the same flag, without dashes. */
  readonly aliases?: readonly string[];
}

/** Present or not; `--no-<name>` says no. */
export interface BooleanFlag extends FlagBase {
  readonly kind: 'boolean';
}

/** Any non-empty text, kept as it was typed: the task `0101` stays `0101`. */
export interface TextFlag extends FlagBase {
  readonly kind: 'text';
  readonly placeholder: string;
}

export interface IntegerFlag extends FlagBase {
  readonly kind: 'integer';
  readonly placeholder: string;
  readonly minimum: number;
  readonly maximum: number;
}

/** A decimal number, such as `0.5` or `-1`. */
export interface NumberFlag extends FlagBase {
  readonly kind: 'number';
  readonly placeholder: string;
}

/** One of a few words; with `bare`, the flag may stand alone and means that word. */
export interface ChoiceFlag extends FlagBase {
  readonly kind: 'choice';
  readonly choices: readonly string[];
  readonly bare?: string;
}

/** Flags of a command by camelCase name; on the command line the names are kebab-case. */
export type FlagTable = Readonly<Record<string, Flag>>;

/** The typed values that a flag table yields; a flag that was not given is `undefined`. */
export type FlagValues<Table extends FlagTable> = {
  readonly [Name in keyof Table]: FlagValue<Table[Name]> | undefined;
};

type FlagValue<Kind extends Flag> = Kind extends BooleanFlag
  ? boolean
  : Kind extends IntegerFlag | NumberFlag
    ? number
    : Kind extends { readonly choices: readonly (infer Choice)[] }
      ? Choice
      : string;

/** `keepGoing` → `keep-going`. */
export function toKebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** How a flag is written in help: `--task <id>`, `--[no-]interactive`, `--json [compact|pretty]`. */
export function flagSyntax(name: string, flag: Flag): string {
  const long = `--${toKebabCase(name)}`;
  switch (flag.kind) {
    case 'boolean':
      return long;
    case 'choice': {
      const words = flag.choices.join('|');
      return flag.bare === undefined ? `${long} <${words}>` : `${long} [${words}]`;
    }
    case 'integer':
    case 'number':
    case 'text':
      return `${long} <${flag.placeholder}>`;
  }
}
