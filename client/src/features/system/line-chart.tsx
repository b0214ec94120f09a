import { createEffect, createUniqueId, For, onCleanup, onMount } from 'solid-js';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import styles from './line-chart.module.css';
import { lineLook } from './line-look.ts';
import type { Series } from './series.ts';
import { words } from './words.ts';

const heightPixels = 150;
/** Less would be stretched out too far to be read. */
const leastSeconds = 60;

interface LineChartProps {
  readonly title: string;
  /** A name for each line of `series`. */
  readonly names: readonly string[];
  readonly series: Series;
  /** Seconds that the chart shows. */
  readonly seconds: number;
  /** Top of the vertical scale; left out: what the values need. */
  readonly maximum?: number | undefined;
  /** A value in words, beside the chart, and shorter on its scale. */
  readonly format: (value: number) => string;
  readonly formatScale: (value: number) => string;
}

/**
 * Lines over time. The table below it says the same in words: each line's name and current value, with the line as it is drawn. It
 * is what screen readers read.
 */
export function LineChart(props: LineChartProps) {
  const title = createUniqueId();
  let frame: HTMLDivElement | undefined;
  let chart: uPlot | undefined;

  function data(): uPlot.AlignedData {
    const { times, lines } = props.series;
    // A machine that answers may have more cores than the one before.
    return [[...times], ...props.names.map((_, index) => [...(lines[index] ?? times.map(() => null))])];
  }

  function draw(into: HTMLDivElement): uPlot {
    const colourOf = (name: string) => getComputedStyle(into).getPropertyValue(name).trim();
    const axis = {
      stroke: colourOf('--ink-soft'),
      font: `11px ${getComputedStyle(into).fontFamily}`,
      grid: { stroke: colourOf('--line'), width: 1 },
      ticks: { show: false },
    };
    const { names, formatScale } = props;
    return new uPlot(
      {
        width: into.clientWidth,
        height: heightPixels,
        legend: { show: false },
        cursor: { show: false },
        scales: {
          x: { range: () => shownTimes(props.series.times[0], props.seconds) },
          y: { range: (_, __, highest) => [0, props.maximum ?? Math.max(1, (highest ?? 0) * 1.15)] },
        },
        axes: [
          { ...axis, space: 60, size: 28, values: (_, times) => times.map(clockOf) },
          { ...axis, space: 34, size: 58, values: (_, values) => values.map((value) => formatScale(value)) },
        ],
        series: [
          {},
          ...names.map((_, index) => {
            const { colour, dash } = lineLook(index);
            return { stroke: colourOf(colour), width: 2, dash: [...dash], points: { show: false }, spanGaps: false };
          }),
        ],
      },
      data(),
      into,
    );
  }

  onMount(() => {
    if (!frame) return;
    const into = frame;
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    const redraw = () => {
      chart?.destroy();
      chart = draw(into);
    };
    // Other names are other lines, or another language on the scales.
    createEffect(() => {
      props.names.join();
      redraw();
    });
    createEffect(() => chart?.setData(data()));
    scheme.addEventListener('change', redraw);
    const observer = new ResizeObserver(() => chart?.setSize({ width: into.clientWidth, height: heightPixels }));
    observer.observe(into);
    onCleanup(() => {
      observer.disconnect();
      scheme.removeEventListener('change', redraw);
      chart?.destroy();
    });
  });

  const current = (index: number) => {
    const value = props.series.lines[index]?.at(-1);
    return value === undefined || value === null ? words().charts.none : props.format(value);
  };

  return (
    <section class={styles.chart} aria-labelledby={title}>
      <h3 id={title}>{props.title}</h3>
      <div ref={frame} class={styles.picture} aria-hidden="true" />
      <table class={styles.legend} aria-labelledby={title}>
        <thead class="visually-hidden">
          <tr>
            <th scope="col">{words().charts.line}</th>
            <th scope="col">{words().charts.current}</th>
          </tr>
        </thead>
        <tbody>
          <For each={props.names}>
            {(name, index) => (
              <tr>
                <th scope="row">
                  <svg width="22" height="4" aria-hidden="true">
                    <line
                      x1="0"
                      y1="2"
                      x2="22"
                      y2="2"
                      stroke-width="3"
                      style={{ stroke: `var(${lineLook(index()).colour})` }}
                      stroke-dasharray={lineLook(index()).dash.join(' ')}
                    />
                  </svg>
                  {name}
                </th>
                <td>{current(index())}</td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </section>
  );
}

/** Up to now; from the first moment on, as long as that is not longer than `seconds` ago. */
function shownTimes(first: number | undefined, seconds: number): [number, number] {
  const now = Date.now() / 1000;
  return [Math.max(now - seconds, Math.min(first ?? now, now - leastSeconds)), now];
}

function clockOf(seconds: number): string {
  return new Date(seconds * 1000).toTimeString().slice(0, 8);
}
