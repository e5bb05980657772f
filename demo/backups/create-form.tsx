import { FFValidationError, type FFBackupInfoDTO } from 'flatfile-chat';
import { useId, useRef, useState } from 'preact/hooks';
import { useApp } from '../app/app-context.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { freshName } from './backup-name.ts';
import type { Backups } from './backups.ts';

const NAME_RULE =
  'A name is made of letters from A to Z, digits, spaces, “-”, “_” and “.”, at most 64 of them.';

export interface CreateFormProps {
  readonly backups: Backups;
  readonly existing: readonly FFBackupInfoDTO[];
  readonly isBusy: boolean;
}

/** Makes a backup in the store, under a name that is the date unless another is typed. */
export function CreateForm({ backups, existing, isBusy }: CreateFormProps) {
  const { notices } = useApp();
  const fieldId = useId();
  const errorId = useId();
  const hintId = useId();
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [replacing, setReplacing] = useState<string | null>(null);
  const taken = existing.map(({ path }) => path);
  const name = typed ?? freshName(new Date(), taken);

  const create = async (wanted: string): Promise<void> => {
    setReplacing(null);
    setRefusal(null);
    try {
      await backups.create(wanted);
      setTyped(null);
    } catch (error) {
      if (!(error instanceof FFValidationError)) {
        notices.showError(error);
        return;
      }
      setRefusal(NAME_RULE);
      field.current?.focus();
    }
  };

  const submit = (event: Event): void => {
    event.preventDefault();
    if (isBusy) return;
    const wanted = name.trim();
    if (taken.includes(wanted)) setReplacing(wanted);
    else void create(wanted);
  };

  return (
    <form class="create-form" noValidate onSubmit={submit}>
      <label for={fieldId}>Name of the backup</label>
      <div class="create-row">
        <input
          ref={field}
          id={fieldId}
          class="text-field"
          autocomplete="off"
          spellcheck={false}
          value={name}
          aria-invalid={refusal !== null}
          aria-describedby={refusal === null ? hintId : errorId}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
        <button type="submit" class="button button-primary" aria-disabled={isBusy}>
          Back up
        </button>
      </div>
      {refusal === null ? (
        <p id={hintId} class="hint">
          Kept in this browser, beside the data. Export to a file to be safe from losing both.
        </p>
      ) : (
        <p id={errorId} class="field-error" role="alert">
          {refusal}
        </p>
      )}
      {replacing !== null && (
        <ConfirmDialog
          title="Replace the backup?"
          text={`There is a backup “${replacing}” already. The new one will take its place.`}
          action="Replace"
          onConfirm={() => void create(replacing)}
          onCancel={() => setReplacing(null)}
        />
      )}
    </form>
  );
}
