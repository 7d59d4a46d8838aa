/** What JSON can say, as the journal takes it. */
export type JsonValue = boolean | number | string | null | readonly JsonValue[] | JsonObject;

export interface JsonObject {
  readonly [member: string]: JsonValue;
}
