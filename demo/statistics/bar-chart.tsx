import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { useApp } from '../app/app-context.ts';
import { useObservable } from '../state/use-observable.ts';
import { useMedia } from '../ui/use-media.ts';
import { readChartColours } from './chart-colours.ts';
import type { Bar, BarsSpec, DrawnBars } from './draw-bars.ts';

export interface BarChartProps {
  readonly title: string;
  /** The same numbers in words, for those who do not see the bars. */
  readonly summary: string;
  /** What the bars stand for, and what is counted: the headings of the table. */
  readonly headings: readonly [label: string, value: string];
  readonly bars: readonly Bar[];
  readonly direction?: 'up' | 'right';
  /** Whether everyone sees the table. */
  readonly showsTable?: boolean;
  /** Controls beside the title. */
  readonly children?: ComponentChildren;
  format(value: number): string;
}

/** A chart with its numbers in a table. The drawing library is loaded when one is shown. */
export function BarChart(props: BarChartProps) {
  const { title, summary, headings, bars, direction = 'up', showsTable = false, format } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const titleId = useId();
  const hasFailed = useDrawnBars(canvas, { bars, direction, format });

  return (
    <figure class="chart" data-direction={direction} aria-labelledby={titleId}>
      <figcaption class="chart-head">
        <h2 id={titleId}>{title}</h2>
        {props.children}
      </figcaption>
      {hasFailed ? (
        <p class="chart-failure">The chart could not be loaded. These are its numbers:</p>
      ) : (
        <div class="chart-frame" style={{ '--bars': bars.length }}>
          <canvas ref={canvas} role="img" aria-label={summary} />
        </div>
      )}
      <div class={showsTable || hasFailed ? 'chart-numbers' : 'visually-hidden'}>
        <table class="figures-table">
          <caption class="visually-hidden">{title}</caption>
          <thead>
            <tr>
              <th scope="col">{headings[0]}</th>
              <th scope="col">{headings[1]}</th>
            </tr>
          </thead>
          <tbody>
            {bars.map(({ label, value }) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                <td>{format(value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}

/** Keeps the canvas in step with the bars and the theme; `true` when the library did not load. */
function useDrawnBars(
  canvas: { readonly current: HTMLCanvasElement | null },
  { bars, direction, format }: Pick<BarsSpec, 'bars' | 'direction' | 'format'>,
): boolean {
  const theme = useObservable(useApp().theme);
  const isDark = useMedia('(prefers-color-scheme: dark)');
  const isAnimated = !useMedia('(prefers-reduced-motion: reduce)');
  const [hasFailed, setFailed] = useState(false);
  const drawn = useRef<DrawnBars | null>(null);
  const latest = useRef<() => BarsSpec | null>(() => null);

  latest.current = () => {
    if (canvas.current === null) return null;
    const colours = readChartColours(canvas.current);
    const font = getComputedStyle(canvas.current).fontFamily;
    return { bars, direction, format, isAnimated, colours, font };
  };

  useEffect(() => {
    let isMounted = true;
    const draw = async (): Promise<void> => {
      const { drawBars } = await import('./draw-bars.ts');
      const spec = latest.current();
      if (isMounted && canvas.current !== null && spec !== null) {
        drawn.current = drawBars(canvas.current, spec);
      }
    };
    // A page that has been open since before an update asks for a file that is gone.
    void draw().catch(() => isMounted && setFailed(true));
    return () => {
      isMounted = false;
      drawn.current?.destroy();
      drawn.current = null;
    };
  }, []);

  useEffect(() => {
    const spec = latest.current();
    if (spec !== null) drawn.current?.update(spec);
  }, [bars, direction, format, theme, isDark, isAnimated]);

  return hasFailed;
}
