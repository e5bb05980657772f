import { useState } from 'preact/hooks';
import { useApp } from '../app/app-context.ts';
import { describeFailure } from '../state/failure.ts';
import { Modal } from '../ui/modal.tsx';

/** Creates a persona. */
export function PersonaDialog({ onClose }: { readonly onClose: () => void }) {
  const { panels, notices } = useApp();
  const [error, setError] = useState<string | null>(null);
  const [isSaving, setSaving] = useState(false);

  const create = async (form: HTMLFormElement): Promise<void> => {
    const fields = new FormData(form);
    const name = textIn(fields, 'name');
    if (name === '') {
      setError('A persona needs a name.');
      return;
    }
    setSaving(true);
    try {
      await panels.createPersona({
        name,
        description: textIn(fields, 'description'),
        traits: listIn(fields, 'traits'),
        expertise: listIn(fields, 'expertise'),
      });
      notices.announce(`${name} created`);
      onClose();
    } catch (cause) {
      setError(describeFailure(cause).message);
      setSaving(false);
    }
  };

  return (
    <Modal title="New persona" onClose={onClose}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void create(event.currentTarget);
        }}
      >
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
        {error !== null && (
          <p class="field-error" role="alert">
            {error}
          </p>
        )}
        <div class="modal-actions">
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="button button-primary" disabled={isSaving}>
            Create
          </button>
        </div>
      </form>
    </Modal>
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
