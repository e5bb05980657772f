/** Runs tasks one after another, in the order in which they were given. */
export function createQueue(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();

  return (task) => {
    const result = last.then(task);
    // A task that failed has told its caller; the next one must run all the same.
    last = result.catch(() => undefined);
    return result;
  };
}
