import type { FFPersonaDTO } from 'flatfile-chat';

/** Angles on the colour wheel, in an order that keeps neighbours apart. */
const HUES = [25, 255, 145, 320, 75, 195, 290, 110] as const;

/** The hue that the fewest personas have. */
export function nextHue(personas: readonly FFPersonaDTO[]): number {
  const uses = HUES.map((hue) => personas.filter((persona) => hueOf(persona) === hue).length);
  return HUES[uses.indexOf(Math.min(...uses))] ?? HUES[0];
}

/** A persona's colour, as the variable that the style sheet mixes its tones from. */
export function personaStyle(persona: FFPersonaDTO | undefined): Record<string, string> {
  return persona === undefined
    ? { '--persona-chroma': '0' }
    : { '--persona-hue': `${hueOf(persona)}` };
}

function hueOf({ personaId, metadata }: FFPersonaDTO): number {
  const chosen = metadata?.['hue'];
  if (typeof chosen === 'number') return chosen;
  // A persona from elsewhere gets one by its id, and so the same one every time.
  let hash = 0;
  for (const character of personaId) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  return HUES[hash % HUES.length] ?? HUES[0];
}
