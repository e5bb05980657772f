import * as v from 'valibot';
import type { FFConfigurationManagerConfigDTO } from '../shared/config.ts';
import type { NewPanel, NewPersona } from '../shared/contract.ts';
import { createId } from '../shared/ids.ts';
import type { FFPanelType } from '../shared/model/panel.ts';
import { textList, type Fields } from './fields.ts';
import { dropUndefined, options, parse, preview, text } from './parse.ts';

const PANEL_TYPES = [
  'multi_persona',
  'focus_group',
  'expert_panel',
  'brainstorm',
] as const satisfies readonly FFPanelType[];

/** Checks personas and panels. */
export function createPanelValidator(
  { id, idList, content, metadata, withinBytes }: Fields,
  { panel: { maxPersonas } }: FFConfigurationManagerConfigDTO,
) {
  const boundedTextList = v.pipe(textList, withinBytes(JSON.stringify));
  // What was read may be passed back; these are the store's to say.
  const ignored = { createdAt: v.optional(v.unknown()), updatedAt: v.optional(v.unknown()) };

  const persona = v.pipe(
    options({
      personaId: v.optional(id),
      name: v.pipe(content, v.nonEmpty('must not be empty')),
      description: v.optional(content),
      traits: v.optional(boundedTextList),
      expertise: v.optional(boundedTextList),
      communicationStyle: v.optional(content),
      ownerId: v.optional(id),
      metadata: v.optional(metadata),
      ...ignored,
    }),
    v.transform(({ createdAt: _c, updatedAt: _u, personaId, ...rest }) => ({
      ...dropUndefined(rest),
      personaId: personaId ?? createId(),
    })),
  );

  const panel = v.pipe(
    options({
      panelId: v.optional(id),
      type: v.picklist(
        PANEL_TYPES,
        (issue) => `must be one of ${PANEL_TYPES.join(', ')}; got ${preview(issue.input)}`,
      ),
      personaIds: v.pipe(
        idList,
        v.check(
          (ids) => ids.length >= 1 && ids.length <= maxPersonas,
          (issue) =>
            `must name 1 to ${maxPersonas} personas (panel.maxPersonas); got ${issue.input.length}`,
        ),
        v.check((ids) => new Set(ids).size === ids.length, 'must name each persona once'),
      ),
      title: v.optional(text),
      ownerId: v.optional(id),
      config: v.optional(metadata),
      metadata: v.optional(metadata),
      messageCount: v.optional(v.unknown()),
      ...ignored,
    }),
    v.transform(({ createdAt: _c, updatedAt: _u, messageCount: _m, panelId, ...rest }) => ({
      ...dropUndefined(rest),
      panelId: panelId ?? createId(),
    })),
  );

  const personaFilter = options({ ownerId: v.optional(id) });

  return {
    persona: (value: unknown): NewPersona => parse(persona, value, '', 'persona'),
    panel: (value: unknown): NewPanel => parse(panel, value, '', 'panel'),
    personaOwner: (value: unknown): string | undefined =>
      parse(personaFilter, value, '', 'options').ownerId,
  };
}
