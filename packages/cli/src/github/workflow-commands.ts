/** What an annotation points at; lines and columns count from 1. */
export interface Annotation {
  readonly title: string;
  readonly message: string;
  /** Relative to the root of the repository. */
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** The workflow command that shows an error beside the code and on top of the job. */
export function errorCommand(annotation: Annotation): string {
  return annotationCommand('error', annotation);
}

/** The same for whatever it is that is shown. */
export function annotationCommand(
  level: 'error' | 'warning',
  { title, message, file, line, column }: Annotation,
): string {
  const properties = Object.entries({ file, line, col: column, title })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  return `::${level} ${properties.join(',')}::${escapeData(message)}`;
}

/** The percent sign first: it is what the others become. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
