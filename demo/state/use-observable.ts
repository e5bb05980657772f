import { useLayoutEffect, useState } from 'preact/hooks';
import type { Observable } from './observable.ts';

/** The observable's value; the component renders again whenever it changes. */
export function useObservable<T>(observable: Observable<T>): T {
  const [, rerender] = useState({});
  const rendered = observable.value;

  useLayoutEffect(() => {
    // The value may have changed between the render and the subscription.
    if (!Object.is(rendered, observable.value)) rerender({});
    return observable.subscribe(() => rerender({}));
    // `rendered` belongs to the first render only; later changes arrive through the subscription.
  }, [observable]);

  return rendered;
}
