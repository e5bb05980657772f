import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { AppModel } from './app-model.ts';

export const AppContext = createContext<AppModel | null>(null);

/** The app's model, for every component below {@link AppContext}. */
export function useApp(): AppModel {
  const model = useContext(AppContext);
  if (model === null) throw new Error('useApp() was called outside of the app.');
  return model;
}
