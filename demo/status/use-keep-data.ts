import { useApp } from '../app/app-context.ts';

/** Asks the browser to keep the data, and tells the reader what it answered. */
export function useKeepData(): () => Promise<void> {
  const { usage, notices } = useApp();
  return async () => {
    try {
      const isGranted = await usage.requestPersistence();
      if (isGranted) notices.announce('The browser will keep this data');
      else
        notices.show(
          'The browser did not promise to keep this data. It may agree later, once you have used the page more.',
        );
    } catch (error) {
      notices.showError(error);
    }
  };
}
