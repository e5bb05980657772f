import { useEffect } from 'preact/hooks';
import { SEARCH_ID } from '../search/search-box.tsx';
import { useApp } from './app-context.ts';

/** The keys that work anywhere on the page, except while a dialog is open. */
export function useShortcuts(showShortcuts: () => void): void {
  const { newConversation, search, drawerOpen, notices, store } = useApp();

  useEffect(() => {
    const focusSearch = (): boolean => {
      const field = document.getElementById(SEARCH_ID);
      field?.focus();
      if (field instanceof HTMLInputElement) field.select();
      return document.activeElement === field;
    };

    const goToSearch = (): void => {
      if (focusSearch()) return;
      // It lies in a drawer that is closed, which lets the focus in once it has been drawn open.
      drawerOpen.set(true);
      requestAnimationFrame(focusSearch);
    };

    const onKeyDown = (event: KeyboardEvent): void => {
      if (document.querySelector('dialog[open]') !== null) return;
      if (store.phase.value.kind !== 'ready') return;
      const isTyping = isTextField(event.target);
      const hasControl = event.ctrlKey || event.metaKey;
      const isPlain = !hasControl && !event.altKey;

      if (hasControl && !event.altKey && event.key.toLowerCase() === 'k') goToSearch();
      // By its place: with Alt held, some layouts make another character of it.
      else if (event.ctrlKey && event.altKey && event.code === 'KeyN')
        void newConversation().catch(notices.showError);
      else if (isPlain && !isTyping && event.key === '/') goToSearch();
      else if (isPlain && !isTyping && event.key === '?') showShortcuts();
      else if (event.key === 'Escape' && drawerOpen.value) drawerOpen.set(false);
      else if (event.key === 'Escape' && !isTyping) search.clear();
      else return;
      event.preventDefault();
    };

    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
}

function isTextField(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select') !== null;
}
