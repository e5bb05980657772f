import { createObservable, type Observable } from '../state/observable.ts';

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export interface ThemeSetting {
  readonly theme: Observable<Theme>;
  choose(theme: Theme): void;
}

/** Read by index.html too, which sets the theme before the first paint. */
const STORAGE_KEY = 'flatfile-chat-demo:theme';

export function createThemeSetting(): ThemeSetting {
  const theme = createObservable(readTheme());
  apply(theme.value);
  return {
    theme,
    choose(choice) {
      theme.set(choice);
      apply(choice);
      try {
        localStorage.setItem(STORAGE_KEY, choice);
      } catch {
        // Where site data is blocked the choice lasts as long as the page.
      }
    },
  };
}

function readTheme(): Theme {
  try {
    const stored = localStorage.getItem(STORAGE_KEY);
    return THEMES.find((theme) => theme === stored) ?? 'auto';
  } catch {
    return 'auto';
  }
}

function apply(theme: Theme): void {
  if (theme === 'auto') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}
