import { tableFromIPC } from "@uwdata/flechette";

/** The values of an Arrow stream, by column. */
export function columnsOf(body: Uint8Array): unknown[][] {
  if (body.length === 0) return [];
  const table = tableFromIPC(body, { useBigInt: true });
  return table.schema.fields.map((_, i) => [...table.getChildAt(i)]);
}
