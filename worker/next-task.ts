/**
 * Resolves in the next task of the event loop, behind everything that has arrived by then. A timer
 * would come late: browsers hold nested ones back for four milliseconds.
 */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => post(resolve));
}

const post: (callback: () => void) => void = createPost();

function createPost(): (callback: () => void) => void {
  // In Node an open MessageChannel would keep the process from ending; setImmediate does not.
  const { setImmediate } = globalThis as { setImmediate?: (callback: () => void) => void };
  if (setImmediate !== undefined) return setImmediate;
  const callbacks: (() => void)[] = [];
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => callbacks.shift()?.();
  return (callback) => {
    callbacks.push(callback);
    port2.postMessage(null);
  };
}
