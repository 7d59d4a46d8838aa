/** A copy of data whose texts have been through a redactor; names of members are as they were. */
export function redactTexts<Data>(data: Data, redact: (text: string) => string): Data {
  return copy(data, redact) as Data;
}

function copy(data: unknown, redact: (text: string) => string): unknown {
  if (typeof data === 'string') return redact(data);
  if (Array.isArray(data)) return data.map((element: unknown) => copy(element, redact));
  if (typeof data !== 'object' || data === null) return data;
  const entries = Object.entries(data).map(([name, value]) => [name, copy(value, redact)] as const);
  return Object.fromEntries(entries);
}
