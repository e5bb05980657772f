import { useEffect, useState } from 'preact/hooks';

const TICK_MS = 30_000;

/** The present time, renewed often enough for times that are given in minutes. */
export function useNow(): number {
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  // Something that was written since the last tick must not lie in the future.
  return Math.max(nowMs, Date.now());
}
