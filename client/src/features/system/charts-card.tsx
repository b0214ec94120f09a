import { For, Show } from 'solid-js';
import { formatDuration, formatNumber } from '../../i18n/format.ts';
import { language } from '../../i18n/index.ts';
import { formatBytes } from '../shared/bytes.ts';
import cards from '../shared/cards.module.css';
import styles from './charts-card.module.css';
import { LineChart } from './line-chart.tsx';
import { type ChartName, type LiveModel, shownSeconds } from './live-model.ts';
import { words } from './words.ts';

interface ChartWords {
  readonly name: ChartName;
  readonly title: string;
  readonly names: readonly string[];
  readonly format: (value: number) => string;
  readonly formatScale?: (value: number) => string;
  readonly maximum?: number;
}

/** The server's figures: the newest at a glance, and the last minutes as charts. */
export function ChartsCard(props: { readonly live: LiveModel }) {
  const number = (value: number) => formatNumber(value, 0, language());
  const decimal = (value: number) => formatNumber(value, 1, language());
  const seconds = (value: number) => formatDuration(value, language());
  const bytes = (value: number) => formatBytes(value, language());
  const percent = (value: number) => `${number(value)} %`;

  const charts = (): readonly ChartWords[] => {
    const own = words().charts;
    const stats = props.live.stats();
    const total = stats?.memory.totalBytes;
    return [
      { name: 'queue', title: own.queue, names: [own.queued, own.active], format: decimal },
      {
        name: 'throughput',
        title: own.throughput,
        names: [own.perMinute],
        format: decimal,
      },
      {
        name: 'latency',
        title: own.latency,
        names: [own.p50, own.p95, own.wait95],
        format: seconds,
        formatScale: (value) => `${decimal(value)} s`,
      },
      {
        name: 'cpu',
        title: own.cpu,
        names: (stats?.cpu.perCore ?? []).map((_, core) => own.core(String(core + 1))),
        format: percent,
        maximum: 100,
      },
      {
        name: 'memory',
        title: own.memory,
        names: [own.used, own.process],
        format: bytes,
        ...(total !== undefined && { maximum: total }),
      },
    ];
  };

  return (
    <section class={cards.card} aria-labelledby="now">
      <header class={cards.header}>
        <h2 id="now">{words().now.title}</h2>
      </header>
      <Show when={props.live.queue()} fallback={<p class={styles.quiet}>{words().loading}</p>}>
        {(queue) => (
          <dl class={styles.tiles}>
            <Tile name={words().now.queued} value={number(queue().queued)} />
            <Tile name={words().now.active} value={number(queue().active)} />
            <Tile
              name={words().now.workers}
              value={`${number(props.live.stats()?.fleet.busy ?? 0)} / ${number(queue().workers)}`}
            />
            <Tile name={words().now.eta} value={waitOf(queue().etaSeconds)} />
          </dl>
        )}
      </Show>
      <p class={styles.quiet}>{words().charts.range}</p>
      <div class={styles.charts}>
        <For each={charts().map(({ name }) => name)}>
          {(name, index) => (
            <Show when={charts()[index()]}>
              {(chart) => (
                <LineChart
                  title={chart().title}
                  names={chart().names}
                  series={props.live.series()[name]}
                  seconds={shownSeconds}
                  maximum={chart().maximum}
                  format={chart().format}
                  formatScale={chart().formatScale ?? chart().format}
                />
              )}
            </Show>
          )}
        </For>
      </div>
    </section>
  );
}

function waitOf(seconds: number | null): string {
  if (seconds === null) return words().now.nobody;
  return seconds < 1 ? words().now.noWait : formatDuration(Math.round(seconds), language());
}

function Tile(props: { readonly name: string; readonly value: string }) {
  return (
    <div class={styles.tile}>
      <dt>{props.name}</dt>
      <dd>{props.value}</dd>
    </div>
  );
}
