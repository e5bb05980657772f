import { describeFailure } from '../state/failure.ts';
import { createObservable, type Observable } from '../state/observable.ts';

/** Something that went wrong away from where the reader is looking. */
export interface Notice {
  readonly id: number;
  readonly text: string;
}

export interface Notices {
  readonly list: Observable<readonly Notice[]>;
  /** What screen readers are told next, politely. */
  readonly announcement: Observable<string>;
  show(text: string): void;
  showError(error: unknown): void;
  dismiss(id: number): void;
  announce(text: string): void;
}

export function createNotices(): Notices {
  const list = createObservable<readonly Notice[]>([]);
  const announcement = createObservable('');
  let lastId = 0;

  const show = (text: string): void => {
    lastId += 1;
    const notice = { id: lastId, text };
    // The same trouble again replaces its notice instead of piling up.
    list.update((notices) => [...notices.filter((other) => other.text !== text), notice]);
  };

  return {
    list,
    announcement,
    show,
    showError: (error) => show(describeFailure(error).message),
    dismiss: (id) => list.update((notices) => notices.filter((notice) => notice.id !== id)),
    announce: (text) => announcement.set(text),
  };
}
