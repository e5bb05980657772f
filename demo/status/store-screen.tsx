import { useEffect, useState } from 'preact/hooks';
import { useApp } from '../app/app-context.ts';
import type { StorePhase } from '../state/chat-store.ts';

/** Opening takes a fraction of a second unless something holds it up. */
const SLOW_MS = 4_000;

/** What stands in the conversation's place while there is no store. */
export function StoreScreen({ phase }: { readonly phase: StorePhase }) {
  if (phase.kind === 'opening') return <Opening step={phase.step} />;
  if (phase.kind === 'failed') return <Failed phase={phase} />;
  return null;
}

function Opening({ step }: { readonly step: string }) {
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), SLOW_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div class="store-screen" role="status">
      <span class="spinner" aria-hidden="true" />
      <p>{step}…</p>
      {isSlow && (
        <p class="store-screen-hint">
          This takes longer than usual. Another tab may be keeping the store.
        </p>
      )}
    </div>
  );
}

function Failed({ phase: { failure } }: { readonly phase: StorePhase & { kind: 'failed' } }) {
  const { store } = useApp();
  return (
    <div class="store-screen" role="alert">
      <h1>The store is not open</h1>
      <p>
        <code class="error-code">{failure.code}</code>
      </p>
      <p class="error-message">{failure.message}</p>
      {failure.hint !== undefined && <p class="store-screen-hint">{failure.hint}</p>}
      <button type="button" class="button button-primary" onClick={() => void store.open()}>
        Retry
      </button>
    </div>
  );
}
