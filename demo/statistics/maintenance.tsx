import { useId, useState } from 'preact/hooks';
import { useApp } from '../app/app-context.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { formatBytes } from '../ui/format-bytes.ts';
import { plural } from '../ui/plural.ts';

const DEFAULT_DAYS = '30';

const KIND_NOUNS: Readonly<Record<string, string>> = {
  sessions: 'conversation',
  messages: 'message',
  documents: 'document',
  contexts: 'saved context',
  panels: 'panel',
  panelMessages: 'panel message',
};

type Job = 'optimising' | 'counting' | 'cleaning';

interface Doomed {
  readonly daysOld: number;
  readonly countsByKind: Readonly<Record<string, number>>;
}

/** What keeps a store small. Nothing is deleted before it has been counted and confirmed. */
export function Maintenance() {
  const { store, notices } = useApp();
  const titleId = useId();
  const errorId = useId();
  const [job, setJob] = useState<Job | null>(null);
  const [outcome, setOutcome] = useState('');
  const [days, setDays] = useState(DEFAULT_DAYS);
  const [daysError, setDaysError] = useState<string | null>(null);
  const [doomed, setDoomed] = useState<Doomed | null>(null);

  const run = async (name: Job, work: () => Promise<string>): Promise<void> => {
    if (job !== null) return;
    setJob(name);
    setOutcome('');
    try {
      setOutcome(await work());
    } catch (error) {
      notices.showError(error);
    } finally {
      setJob(null);
    }
  };

  const optimise = (): Promise<void> =>
    run('optimising', async () => {
      const before = await store.read((storage) => storage.getStorageStats());
      await store.write((storage) => storage.optimizeStorage());
      const after = await store.read((storage) => storage.getStorageStats());
      const freed = before.storageBytes - after.storageBytes;
      return freed > 0
        ? `Storage optimised: ${formatBytes(freed)} freed.`
        : 'Storage optimised: there was nothing to free.';
    });

  const findOld = async (): Promise<void> => {
    const daysOld = Number(days);
    if (days.trim() === '' || !Number.isFinite(daysOld) || daysOld < 0) {
      setDaysError('Enter a number of days, 0 or more.');
      return;
    }
    setDaysError(null);
    await run('counting', async () => {
      const countsByKind = await store.read((storage) =>
        storage.cleanupOldData({ daysOld, dryRun: true }),
      );
      const isAny = Object.values(countsByKind).some((count) => count > 0);
      if (!isAny) return `Nothing has been untouched for more than ${plural(daysOld, 'day')}.`;
      setDoomed({ daysOld, countsByKind });
      return '';
    });
  };

  const cleanUp = async ({ daysOld }: Doomed): Promise<void> => {
    setDoomed(null);
    await run('cleaning', async () => {
      const removed = await store.write((storage) =>
        storage.cleanupOldData({ daysOld, dryRun: false }),
      );
      return `Deleted: ${listed(removed).join(', ')}.`;
    });
  };

  return (
    <section class="panel" aria-labelledby={titleId}>
      <h2 id={titleId}>Maintenance</h2>
      <div class="maintenance">
        <div>
          <button
            type="button"
            class="button"
            aria-disabled={job !== null}
            onClick={() => void optimise()}
          >
            {job === 'optimising' ? 'Optimising…' : 'Optimise storage'}
          </button>
          <p class="panel-note">Rewrites files that deletions and edits have left gaps in.</p>
        </div>
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            void findOld();
          }}
        >
          <label class="days">
            Untouched for more than
            <input
              type="number"
              class="days-input"
              min="0"
              step="any"
              value={days}
              aria-invalid={daysError !== null}
              aria-describedby={daysError === null ? undefined : errorId}
              onInput={(event) => setDays(event.currentTarget.value)}
            />
            days
          </label>
          <button type="submit" class="button" aria-disabled={job !== null}>
            {job === 'counting' ? 'Counting…' : job === 'cleaning' ? 'Deleting…' : 'Clean up…'}
          </button>
          {daysError !== null && (
            <p id={errorId} class="field-error" role="alert">
              {daysError}
            </p>
          )}
          <p class="panel-note">Shows what would be deleted, and asks before anything is.</p>
        </form>
      </div>
      <p class="outcome" role="status">
        {outcome}
      </p>
      {doomed !== null && (
        <ConfirmDialog
          title="Clean up old conversations?"
          text={`Untouched for more than ${plural(doomed.daysOld, 'day')}, and deleted for good:\n${listed(
            doomed.countsByKind,
          )
            .map((line) => `• ${line}`)
            .join('\n')}`}
          action="Delete"
          onConfirm={() => void cleanUp(doomed)}
          onCancel={() => setDoomed(null)}
        />
      )}
    </section>
  );
}

function listed(countsByKind: Readonly<Record<string, number>>): string[] {
  return Object.entries(countsByKind)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => plural(count, KIND_NOUNS[kind] ?? kind));
}
