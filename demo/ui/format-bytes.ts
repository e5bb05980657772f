const UNITS = ['kB', 'MB', 'GB', 'TB'] as const;

/** `512 B`, `3.4 kB`, `120 MB`: decimal units, as disks and browsers state them. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  let value = bytes;
  let unit = 'B';
  for (const next of UNITS) {
    if (value < 999.5) break;
    value /= 1000;
    unit = next;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}
