import { useEffect, useMemo } from 'preact/hooks';
import { useApp } from '../app/app-context.ts';
import { View } from '../app/view.tsx';
import { useObservable } from '../state/use-observable.ts';
import { plural } from '../ui/plural.ts';
import { ActivityByDay, ActivityByHour, MessagesByRole, StorageByKind } from './charts.tsx';
import { Figures } from './figures.tsx';
import { Maintenance } from './maintenance.tsx';
import { Performance } from './performance.tsx';
import { createStatistics, type StatisticsState } from './statistics.ts';

/** What is stored, when it was written, and how the store is doing. */
export function StatisticsView() {
  const { store, notices } = useApp();
  const statistics = useMemo(() => createStatistics(store), [store]);
  const state = useObservable(statistics.state);
  useEffect(() => statistics.watch(notices.showError), [statistics]);

  const refresh = (): void => void statistics.refresh().catch(notices.showError);

  return (
    <View
      title="Statistics"
      {...(state === null ? {} : { meta: metaOf(state) })}
      actions={
        <button type="button" class="button button-small" onClick={refresh}>
          Refresh
        </button>
      }
    >
      <div class="statistics" aria-busy={state === null}>
        {state !== null && (
          <>
            <Figures statistics={state} onPersistenceChanged={refresh} />
            <div class="charts">
              <ActivityByDay user={state.user} />
              <ActivityByHour user={state.user} />
              <StorageByKind storage={state.storage} />
              <MessagesByRole user={state.user} />
            </div>
            <Maintenance />
            <Performance metrics={state.performance} />
          </>
        )}
      </div>
    </View>
  );
}

function metaOf({ user }: StatisticsState): string {
  return `${plural(user.totalMessages, 'message')} in ${plural(user.totalSessions, 'conversation')}`;
}
