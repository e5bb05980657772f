import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  LinearScale,
  Tooltip,
  type ChartConfiguration,
} from 'chart.js';
import type { ChartColours } from './chart-colours.ts';

// Only what is drawn here: the rest of the library stays out of the build.
Chart.register(BarController, BarElement, CategoryScale, LinearScale, Tooltip);

const FONT_PX = 12;

export interface Bar {
  readonly label: string;
  /** What the axis says instead, where the label is too long for it. */
  readonly tick?: string;
  readonly value: number;
}

export interface BarsSpec {
  readonly bars: readonly Bar[];
  readonly direction: 'up' | 'right';
  readonly isAnimated: boolean;
  readonly colours: ChartColours;
  readonly font: string;
  format(value: number): string;
}

/** Bars on a canvas, until they are destroyed. They follow the size of the canvas's parent. */
export interface DrawnBars {
  update(spec: BarsSpec): void;
  destroy(): void;
}

export function drawBars(canvas: HTMLCanvasElement, spec: BarsSpec): DrawnBars {
  const chart = new Chart(canvas, configurationOf(spec));
  return {
    update(next) {
      const { data, options } = configurationOf(next);
      chart.data = data;
      chart.options = options ?? {};
      chart.update();
    },
    destroy: () => chart.destroy(),
  };
}

function configurationOf(spec: BarsSpec): ChartConfiguration<'bar', number[], string> {
  const { bars, direction, isAnimated, colours, format } = spec;
  const font = { family: spec.font, size: FONT_PX };
  const categories = {
    grid: { display: false },
    border: { color: colours.line },
    ticks: {
      color: colours.text,
      font,
      maxRotation: 0,
      autoSkip: direction === 'up',
      autoSkipPadding: 14,
      callback: (_: unknown, index: number) => bars[index]?.tick ?? bars[index]?.label ?? '',
    },
  };
  const values = {
    beginAtZero: true,
    // Without any value there would be an axis of fractions.
    suggestedMax: 1,
    grid: { color: colours.line },
    border: { display: false },
    ticks: {
      color: colours.text,
      font,
      precision: 0,
      maxTicksLimit: 6,
      autoSkipPadding: 12,
      maxRotation: 0,
      callback: (value: string | number) => format(Number(value)),
    },
  };
  return {
    type: 'bar',
    data: {
      labels: bars.map(({ label }) => label),
      datasets: [
        {
          data: bars.map(({ value }) => value),
          backgroundColor: colours.bar,
          hoverBackgroundColor: colours.barHover,
          borderRadius: 3,
          maxBarThickness: 28,
          minBarLength: 0,
        },
      ],
    },
    options: {
      indexAxis: direction === 'up' ? 'x' : 'y',
      responsive: true,
      maintainAspectRatio: false,
      // A change of size between the last picture of an animation and its end is kept by the library for
      // a picture that does not come.
      animation: isAnimated ? { duration: 350, onComplete: ({ chart }) => chart.resize() } : false,
      // Anywhere above a bar will do: some are a pixel high.
      interaction: { mode: 'index', axis: direction === 'up' ? 'x' : 'y', intersect: false },
      scales: direction === 'up' ? { x: categories, y: values } : { x: values, y: categories },
      plugins: {
        tooltip: {
          backgroundColor: colours.tooltip,
          titleColor: colours.tooltipText,
          bodyColor: colours.tooltipText,
          titleFont: font,
          bodyFont: font,
          displayColors: false,
          padding: 10,
          callbacks: { label: ({ dataIndex }) => format(bars[dataIndex]?.value ?? 0) },
        },
      },
    },
  };
}
