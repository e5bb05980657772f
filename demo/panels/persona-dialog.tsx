import { useApp } from '../app/app-context.ts';
import { FormDialog } from '../ui/form-dialog.tsx';

/** Creates a persona. */
export function PersonaDialog({ onClose }: { readonly onClose: () => void }) {
  const { panels, notices } = useApp();

  const create = async (fields: FormData): Promise<void> => {
    const name = textIn(fields, 'name');
    if (name === '') throw new Error('A persona needs a name.');
    await panels.createPersona({
      name,
      description: textIn(fields, 'description'),
      traits: listIn(fields, 'traits'),
      expertise: listIn(fields, 'expertise'),
    });
    notices.announce(`${name} created`);
    onClose();
  };

  return (
    <FormDialog title="New persona" action="Create" submit={create} onClose={onClose}>
      <label class="form-field">
        Name
        <input class="field" name="name" required maxLength={80} autoComplete="off" dir="auto" />
      </label>
      <label class="form-field">
        Description
        <textarea class="field" name="description" rows={2} maxLength={2000} dir="auto" />
      </label>
      <label class="form-field">
        Traits, separated by commas
        <input class="field" name="traits" autoComplete="off" dir="auto" />
      </label>
      <label class="form-field">
        Expertise, separated by commas
        <input class="field" name="expertise" autoComplete="off" dir="auto" />
      </label>
    </FormDialog>
  );
}

function textIn(fields: FormData, name: string): string {
  const value = fields.get(name);
  return typeof value === 'string' ? value.trim() : '';
}

function listIn(fields: FormData, name: string): string[] {
  const entries = textIn(fields, name)
    .split(',')
    .map((entry) => entry.trim());
  return [...new Set(entries)].filter((entry) => entry !== '');
}
