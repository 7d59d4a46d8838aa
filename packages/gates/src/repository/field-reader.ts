/** Takes output that arrives in pieces of any size apart at its NUL bytes. */
export interface FieldReader {
  readonly push: (bytes: Buffer) => void;
  /** Whether the output ended where a field ends. */
  readonly isComplete: () => boolean;
}

/**
 * @param onField Told of each field, one character a byte: nothing is lost of names that are no UTF-8.
 */
export function createFieldReader(onField: (field: string) => void): FieldReader {
  let rest = '';
  return {
    push(bytes) {
      const fields = (rest + bytes.toString('latin1')).split('\0');
      rest = fields.pop() ?? '';
      fields.forEach(onField);
    },
    isComplete: () => rest === '',
  };
}

/** The text of a field; bytes that are no UTF-8 show as U+FFFD. */
export function textOfField(field: string): string {
  return isAscii.test(field) ? field : Buffer.from(field, 'latin1').toString('utf8');
}

// eslint-disable-next-line no-control-regex -- control characters are ASCII too
const isAscii = /^[\x00-\x7f]*$/;
