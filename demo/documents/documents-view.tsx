import { useEffect, useState } from 'preact/hooks';
import { useApp } from '../app/app-context.ts';
import { View } from '../app/view.tsx';
import { USER_ID } from '../state/chat-store.ts';
import { useObservable } from '../state/use-observable.ts';
import { formatBytes } from '../ui/format-bytes.ts';
import { Icon } from '../ui/icon.tsx';
import { plural } from '../ui/plural.ts';
import { DocumentHitList } from './document-hits.tsx';
import { DocumentList } from './document-list.tsx';
import { DropZone } from './drop-zone.tsx';
import type { DroppedFiles } from './dropped-files.ts';
import { FileButton } from './file-button.tsx';
import { useDocumentSearch } from './use-document-search.ts';
import { useTitles } from './use-titles.ts';

const FIELD_ID = 'document-search';
/** The conversation for documents where there is none to put them into. */
const OWN_CONVERSATION = 'Documents';

/** All documents, or those of one conversation, and a search in their texts. */
export function DocumentsView() {
  const { documents, conversation, sessions, router, store, notices } = useApp();
  const route = useObservable(router.route);
  const { documents: all, known } = useObservable(documents.state);
  const { sessions: listed } = useObservable(sessions.state);
  const lastOpenId = useObservable(conversation.state).subject?.sessionId;
  const [query, setQuery] = useState('');
  const titles = useTitles(all.map(({ sessionId }) => sessionId));

  const place = route?.view === 'documents' ? route : { view: 'documents' as const };
  const filterId = place.documentId === undefined ? place.sessionId : undefined;
  const found = useDocumentSearch(query, filterId);
  const shown = all.filter(({ sessionId }) => filterId === undefined || sessionId === filterId);
  const goesTo =
    filterId ??
    listed.find(({ sessionId }) => sessionId === lastOpenId)?.sessionId ??
    listed[0]?.sessionId;
  const goesToTitle = goesTo === undefined ? OWN_CONVERSATION : (titles.get(goesTo) ?? '…');

  // Whoever follows a passage wants to see its document, not the passages.
  useEffect(() => {
    if (place.documentId !== undefined) setQuery('');
  }, [route]);

  const add = async (dropped: DroppedFiles): Promise<void> => {
    const sessionId =
      goesTo ?? (await store.write((storage) => storage.createSession(USER_ID, OWN_CONVERSATION)));
    await documents.add(sessionId, dropped);
  };
  const addOrTell = (dropped: DroppedFiles): void => void add(dropped).catch(notices.showError);

  return (
    <DropZone invitation={`Add to “${goesToTitle}”`} onDrop={addOrTell}>
      <View
        title="Documents"
        {...(known ? { meta: summary(shown) } : {})}
        actions={
          <FileButton
            class="button button-primary button-small"
            icon="plus"
            label="Add files"
            onChoose={addOrTell}
          />
        }
      >
        <div class="toolbar">
          <div class="toolbar-search" role="search">
            <Icon name="search" />
            <input
              id={FIELD_ID}
              type="search"
              class="field"
              aria-label="Search in documents"
              placeholder="Search in documents"
              autoComplete="off"
              spellcheck={false}
              value={query}
              onInput={(event) => setQuery(event.currentTarget.value)}
              onKeyDown={(event) => {
                if (event.key !== 'Escape' || query === '') return;
                event.preventDefault();
                setQuery('');
              }}
            />
          </div>
          <select
            class="field"
            aria-label="Conversation"
            value={filterId ?? ''}
            onChange={({ currentTarget: { value } }) =>
              router.go({ view: 'documents', ...(value === '' ? {} : { sessionId: value }) })
            }
          >
            <option value="">All conversations</option>
            {[...titles].map(([sessionId, title]) => (
              <option key={sessionId} value={sessionId}>
                {title}
              </option>
            ))}
          </select>
        </div>
        <p class="view-hint">
          Drop files anywhere here: they are added to “<span dir="auto">{goesToTitle}</span>”. Text
          is taken out of them on this device, so that you can search it.
        </p>
        {query.trim() === '' ? (
          <DocumentList
            documents={shown}
            sessionId={filterId}
            target={place.documentId === undefined ? null : place}
            titleOf={(sessionId) => titles.get(sessionId)}
          />
        ) : (
          <DocumentHitList
            query={query}
            found={found}
            isReading={all.some(({ text }) => text.status === 'pending')}
            titleOf={(sessionId) => titles.get(sessionId)}
          />
        )}
      </View>
    </DropZone>
  );
}

function summary(documents: readonly { readonly size: number }[]): string {
  const bytes = documents.reduce((sum, { size }) => sum + size, 0);
  return `${plural(documents.length, 'document')} · ${formatBytes(bytes)}`;
}
