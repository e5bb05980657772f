/** A plain JSON object, as metadata and preferences are: kept verbatim, one level deep mergeable. */
export type FFJsonObject = Record<string, unknown>;
