/** One environment variable of the product. */
export interface EnvironmentVariable {
  readonly name: string;
  /**
   * `boolean`: a word for yes or no, anything else is an error. `foreign boolean`: on with any text but
   * a word for no. `presence`: on with any text at all.
   */
  readonly kind:
    'string' | 'path' | 'integer' | 'number' | 'boolean' | 'foreign boolean' | 'presence';
  /** In words of the documentation; empty when unset means unset. */
  readonly default: string;
  readonly description: string;
  /**
   * `read`: something reads it today. `reserved`: the name has this meaning in the formats that this
   * product continues, nothing reads it yet, and nothing else will ever be called so.
   */
  readonly status: 'read' | 'reserved';
}

type Kind = EnvironmentVariable['kind'];
type Row = readonly [name: string, defaultText: string, description: string];

/** Variables that something reads today. */
export function read(kind: Kind, rows: readonly Row[]): EnvironmentVariable[] {
  return rows.map((row) => variable(row, kind, 'read'));
}

/** Variables whose names are kept. */
export function reserved(kind: Kind, rows: readonly Row[]): EnvironmentVariable[] {
  return rows.map((row) => variable(row, kind, 'reserved'));
}

function variable(
  [name, defaultText, description]: Row,
  kind: Kind,
  status: EnvironmentVariable['status'],
): EnvironmentVariable {
  return { name, kind, default: defaultText, description, status };
}
