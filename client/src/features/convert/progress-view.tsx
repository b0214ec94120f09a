import { createMemo, createSignal, onCleanup } from 'solid-js';
import { Button } from '../../components/button.tsx';
import { classNames } from '../../components/class-names.ts';
import { formatDuration, formatPercent } from '../../i18n/format.ts';
import { language, t } from '../../i18n/index.ts';
import type { Run } from './convert-model.ts';
import { NotifyButton } from './notify-button.tsx';
import styles from './progress-view.module.css';
import { secondsLeft } from './seconds-left.ts';

/** How far a running conversion is: percent, seconds so far and left, and a way to stop it. */
export function ProgressView(props: { readonly run: Run & { phase: 'running' }; readonly onCancel: () => void }) {
  const [now, setNow] = createSignal(performance.now());
  const timer = setInterval(() => setNow(performance.now()), 200);
  onCleanup(() => clearInterval(timer));

  const elapsed = () => Math.max(0, now() - props.run.startedAt) / 1000;
  /** When the stage began, for its estimate: another stage's time says nothing about this one's. */
  const stageStart = createMemo<{ stage: string; at: number }>((before) =>
    before?.stage === props.run.stage ? before : { stage: props.run.stage, at: performance.now() },
  );
  const left = () => secondsLeft(props.run.fraction, (now() - stageStart().at) / 1000);
  const where = () => (props.run.place === 'browser' ? t().convert.onBrowser : t().convert.onServer);
  const stage = () =>
    `${t().convert.stages[props.run.stage]} ${props.run.stage === 'converting' ? where() : ''}`.trim();
  /** Said aloud when the step changes and at every quarter, not at every percent. */
  const announcement = createMemo(() => {
    const quarter = Math.floor((props.run.fraction ?? 0) * 4) / 4;
    return quarter > 0 && quarter < 1 ? `${stage()}, ${formatPercent(quarter)}` : stage();
  });

  const time = () => {
    const soFar = t().convert.elapsed(formatDuration(elapsed(), language()));
    const seconds = left();
    return seconds === undefined
      ? soFar
      : `${soFar}, ${t().convert.left(formatDuration(Math.ceil(seconds), language()))}`;
  };
  const remark = () => {
    if (!props.run.connected) return t().convert.reconnecting;
    if (!props.run.fellBack) return undefined;
    return props.run.place === 'server' ? t().convert.fellBackToServer : t().convert.fellBackToBrowser;
  };

  return (
    <div class={styles.progress}>
      <div class={styles.head}>
        <span class={styles.percent}>{props.run.fraction === undefined ? '…' : formatPercent(props.run.fraction)}</span>
        <span class={styles.stage}>{stage()}</span>
      </div>
      <div
        class={classNames(styles.track, props.run.fraction === undefined && styles.unknown)}
        role="progressbar"
        aria-label={t().convert.progress}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={props.run.fraction === undefined ? undefined : Math.round(props.run.fraction * 100)}
        aria-valuetext={announcement()}
      >
        <span style={{ transform: props.run.fraction === undefined ? undefined : `scaleX(${props.run.fraction})` }} />
      </div>
      <p class={styles.time}>{time()}</p>
      <Button class={styles.cancel} icon="close" onClick={() => props.onCancel()}>
        {t().convert.cancel}
      </Button>
      <NotifyButton class={styles.notify} elapsedSeconds={elapsed()} leftSeconds={left()} />
      <p class={styles.remark} role="status">
        {remark()}
      </p>
      <p class="visually-hidden" role="status">
        {announcement()}
      </p>
    </div>
  );
}
