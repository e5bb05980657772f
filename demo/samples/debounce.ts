import type { Sample } from './sample.ts';

export const debounce: Sample = {
  sampleId: 'debounce',
  title: 'A debounce that keeps the last call',
  daysAgo: 2,
  hour: 10,
  messages: [
    {
      role: 'user',
      content:
        'Our autosave debounces by 800 ms. If the user closes the dialog inside that window, the last keystrokes are lost. What is the cleanest fix?',
    },
    {
      role: 'assistant',
      name: 'Pair programmer',
      content:
        'Give the debounced function a `flush()` that runs a pending call at once, and call it when the dialog closes. Cancelling on close is the usual mistake.',
    },
    { role: 'user', content: 'Show me, typed properly please. No lodash.' },
    {
      role: 'assistant',
      name: 'Pair programmer',
      content:
        'Like this. The pending arguments double as the "is anything waiting" flag, so the two cannot disagree:\n\n```ts\nexport interface Debounced<Args extends unknown[]> {\n  (...args: Args): void;\n  /** Runs a pending call now. */\n  flush(): void;\n}\n\nexport function debounce<Args extends unknown[]>(\n  run: (...args: Args) => void,\n  delayMs: number,\n): Debounced<Args> {\n  let pending: Args | undefined;\n  let timer: ReturnType<typeof setTimeout> | undefined;\n\n  const flush = (): void => {\n    clearTimeout(timer);\n    const args = pending;\n    pending = undefined;\n    if (args !== undefined) run(...args);\n  };\n\n  const schedule = (...args: Args): void => {\n    pending = args;\n    clearTimeout(timer);\n    timer = setTimeout(flush, delayMs);\n  };\n\n  return Object.assign(schedule, { flush });\n}\n```\n\nClearing `pending` before the call matters: `run` may schedule again.',
    },
    {
      role: 'user',
      content: 'Nice. And when the whole tab is closed? `beforeunload` feels unreliable.',
    },
    {
      role: 'assistant',
      name: 'Pair programmer',
      content:
        'It is, on mobile above all. Flush on `visibilitychange` when the page becomes hidden: that is the last event you can count on. A request that must survive the page needs `fetch(url, { keepalive: true })`, which is limited to 64 KiB.',
    },
    {
      role: 'user',
      content:
        'Then the test: fake timers, type twice, flush, expect one call with the second value.',
    },
    {
      role: 'assistant',
      name: 'Pair programmer',
      content:
        'Exactly, and one more that people forget: after `flush()`, advancing the clock must not call it a second time.\n\n```ts\nsave("a");\nsave("b");\nsave.flush();\nvi.advanceTimersByTime(800);\nexpect(run).toHaveBeenCalledTimes(1);\nexpect(run).toHaveBeenCalledWith("b");\n```',
    },
  ],
};
