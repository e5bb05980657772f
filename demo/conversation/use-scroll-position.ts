import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { MessageWindow } from './message-window.ts';

/** How near an end counts as being there. */
const NEAR_PX = 48;
/** How far from an end the next page is fetched, so that it is there before it is needed. */
const PREFETCH_PX = 600;

export interface ScrollPositionOptions {
  readonly window: MessageWindow;
  readonly target: { readonly messageId: string } | null;
  loadOlder(): Promise<void>;
  loadNewer(): Promise<void>;
  onAtEnd(isAtEnd: boolean): void;
}

/** The message that must not move while others come and go around it. */
interface Anchor {
  readonly item: HTMLElement;
  readonly top: number;
}

/**
 * Keeps the reader's place. At the end of the conversation the list follows new messages; anywhere
 * else the message that is being read stays where it is, whatever is loaded above or below it.
 */
export function useScrollPosition(options: ScrollPositionOptions) {
  const { window, target } = options;
  const scroller = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const anchor = useRef<Anchor | null>(null);
  const isLoading = useRef(false);
  // The listeners below live longer than one render and need what the latest one was given.
  const latest = useRef(options);
  latest.current = options;

  const load = async (page: () => Promise<void>): Promise<void> => {
    isLoading.current = true;
    try {
      await page();
    } finally {
      isLoading.current = false;
    }
  };

  const follow = (element: HTMLElement): void => {
    const { window: shown, loadOlder, loadNewer, onAtEnd } = latest.current;
    const below = element.scrollHeight - element.clientHeight - element.scrollTop;
    isAtEnd.current = below <= NEAR_PX && shown.newer === 0;
    anchor.current = isAtEnd.current ? null : firstVisible(element);
    onAtEnd(isAtEnd.current);
    if (isLoading.current) return;
    if (shown.hasOlder && element.scrollTop < PREFETCH_PX) void load(loadOlder);
    else if (shown.newer > 0 && below < PREFETCH_PX) void load(loadNewer);
  };

  const keepPlace = (element: HTMLElement): void => {
    if (isAtEnd.current) element.scrollTop = element.scrollHeight;
    else if (anchor.current?.item.isConnected) {
      element.scrollTop += anchor.current.item.offsetTop - anchor.current.top;
    }
    follow(element);
  };

  useLayoutEffect(() => {
    if (scroller.current !== null) keepPlace(scroller.current);
  }, [window]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null || target === null) return;
    const item = itemOf(element, target.messageId);
    if (item === undefined) return;
    isAtEnd.current = false;
    item.scrollIntoView({ block: 'center' });
    item.focus({ preventScroll: true });
    flash(item);
    follow(element);
  }, [target]);

  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    // The composer grows and shrinks, phones show and hide their keyboards, and messages grow while
    // they are being written.
    const observer = new ResizeObserver(() => keepPlace(element));
    observer.observe(element);
    for (const child of element.children) observer.observe(child);
    return () => observer.disconnect();
  }, []);

  return {
    scroller,
    onScroll: () => scroller.current !== null && follow(scroller.current),
    goToEnd: () => {
      isAtEnd.current = true;
      anchor.current = null;
      if (scroller.current !== null) scroller.current.scrollTop = scroller.current.scrollHeight;
    },
  };
}

function firstVisible(scroller: HTMLElement): Anchor | null {
  for (const item of itemsOf(scroller)) {
    if (item.offsetTop + item.offsetHeight > scroller.scrollTop) {
      return { item, top: item.offsetTop };
    }
  }
  return null;
}

function itemOf(scroller: HTMLElement, messageId: string): HTMLElement | undefined {
  return [...itemsOf(scroller)].find((item) => item.dataset['messageId'] === messageId);
}

function itemsOf(scroller: HTMLElement): NodeListOf<HTMLElement> {
  return scroller.querySelectorAll<HTMLElement>('[data-message-id]');
}

/** Restarts the animation even when it is still running from the last time. */
function flash(item: HTMLElement): void {
  item.removeAttribute('data-flash');
  void item.offsetWidth;
  item.setAttribute('data-flash', '');
}
