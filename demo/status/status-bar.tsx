import { useApp } from '../app/app-context.ts';
import { embeddingHint, type SearchProgressState } from '../search/search-progress.ts';
import type { StorePhase } from '../state/chat-store.ts';
import { useObservable } from '../state/use-observable.ts';
import { ThemeToggle } from '../theme/theme-toggle.tsx';
import { formatBytes } from '../ui/format-bytes.ts';
import { Icon } from '../ui/icon.tsx';
import { plural } from '../ui/plural.ts';
import { BACKENDS } from './backends.ts';
import { ROLES } from './roles.ts';
import { useKeepData } from './use-keep-data.ts';
import type { UsageState } from './usage.ts';

export interface StatusBarProps {
  onShowShortcuts(): void;
}

/** Where the data is, how much of it there is, and whether the browser keeps it. */
export function StatusBar({ onShowShortcuts }: StatusBarProps) {
  const { store, usage, searchProgress } = useApp();
  const phase = useObservable(store.phase);
  const used = useObservable(usage.state);
  const progress = useObservable(searchProgress.state);

  return (
    <footer class="status-bar" aria-label="Storage">
      <PhaseChip phase={phase} />
      {phase.kind === 'ready' && phase.backend !== 'memory' && <RoleChip />}
      {phase.kind === 'ready' && used !== null && <UsageFigures usage={used} />}
      {phase.kind === 'ready' && progress !== null && <SearchChip progress={progress} />}
      <span class="status-end">
        <button
          type="button"
          class="icon-button shortcuts-button"
          aria-label="Keyboard shortcuts"
          title="Keyboard shortcuts (?)"
          onClick={onShowShortcuts}
        >
          <Icon name="keyboard" />
        </button>
        <ThemeToggle />
      </span>
    </footer>
  );
}

function PhaseChip({ phase }: { readonly phase: StorePhase }) {
  const text =
    phase.kind === 'ready'
      ? BACKENDS[phase.backend].name
      : phase.kind === 'opening'
        ? 'Opening…'
        : 'Not open';
  const about = phase.kind === 'ready' ? BACKENDS[phase.backend].about : undefined;
  return (
    <span class="phase" data-phase={phase.kind} title={about}>
      <span class="visually-hidden">Storage: </span>
      {text}
    </span>
  );
}

/** Which of the tabs does the work. Memory is not shared, so there it means nothing. */
function RoleChip() {
  const { store } = useApp();
  const role = useObservable(store.role);
  if (role === undefined) return null;
  const { name, about } = ROLES[role];
  return (
    <span class="status-role" data-role={role} title={about}>
      {name}
    </span>
  );
}

/** What is still to be done before everything can be found. */
function SearchChip({ progress }: { readonly progress: SearchProgressState }) {
  const hint =
    progress.index.status === 'ready' ? embeddingHint(progress) : 'Indexing new messages';
  if (hint === null || progress.embedding.status === 'off') return null;
  const isFailed = progress.embedding.status === 'failed';
  return (
    <span class="status-search" data-failed={isFailed || undefined} title={hint}>
      {isFailed ? 'No search by meaning' : hint}
    </span>
  );
}

function UsageFigures({ usage }: { readonly usage: UsageState }) {
  const { messages, sessions, usedBytes, quotaBytes } = usage;
  return (
    <>
      <span class="status-count">
        {plural(messages, 'message')}{' '}
        <span class="wide">in {plural(sessions, 'conversation')}</span>
      </span>
      {usedBytes !== undefined && (
        <span class="status-used" title="What this site uses of what the browser allows it">
          {formatBytes(usedBytes)}
          {quotaBytes !== undefined && <span class="wide"> of {formatBytes(quotaBytes)}</span>}
        </span>
      )}
      <Persistence persisted={usage.persisted} />
    </>
  );
}

function Persistence({ persisted }: { readonly persisted: boolean | undefined }) {
  const keepData = useKeepData();
  if (persisted === undefined) return null;
  if (persisted) {
    return (
      <span class="persisted" title="The browser will not clear this data by itself">
        <Icon name="check" />
        Persistent
      </span>
    );
  }
  return (
    <button
      type="button"
      class="link-button"
      title="Ask the browser never to clear this data by itself"
      onClick={() => void keepData()}
    >
      Keep data<span class="wide"> on this device</span>
    </button>
  );
}
