export interface ChartColours {
  readonly bar: string;
  readonly barHover: string;
  readonly line: string;
  readonly text: string;
  readonly tooltip: string;
  readonly tooltipText: string;
}

/** The theme's colours as a canvas understands them. */
export function readChartColours(canvas: HTMLCanvasElement): ChartColours {
  const previous = canvas.style.color;
  // The value of a custom property is its text, `light-dark(…)`; only a colour gets resolved.
  const resolve = (name: string): string => {
    canvas.style.color = `var(${name})`;
    return getComputedStyle(canvas).color;
  };
  const colours = {
    bar: resolve('--accent'),
    barHover: resolve('--accent-strong'),
    line: resolve('--line'),
    text: resolve('--text-soft'),
    tooltip: resolve('--text'),
    tooltipText: resolve('--page'),
  };
  canvas.style.color = previous;
  return colours;
}
