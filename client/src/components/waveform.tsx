import { createMemo, createSignal, createUniqueId, onCleanup, onMount, Show } from 'solid-js';
import { formatClock } from '../i18n/format.ts';
import { type Loop, loopBetween } from '../kernel/loop.ts';
import { barHeights, resamplePeaks } from '../kernel/peaks.ts';
import { classNames } from './class-names.ts';
import styles from './waveform.module.css';

interface WaveformProps {
  /** Peaks in 0..1; undefined draws a flat line. */
  readonly peaks: Float32Array | undefined;
  /** Position and length in seconds. */
  readonly time: number;
  readonly duration: number;
  /** Name for screen readers. */
  readonly label: string;
  readonly tone?: 'source' | 'result';
  readonly height?: number;
  readonly dimmed?: boolean;
  /** Full height is full scale; otherwise the loudest passage. */
  readonly absolute?: boolean;
  /** Makes it a slider; leave it out for a picture. */
  readonly onSeek?: (seconds: number) => void;
  /** The part that is played over and over. */
  readonly loop?: Loop | undefined;
  /** Makes dragging choose such a part, in place of moving the position. */
  readonly onLoop?: (loop: Loop) => void;
}

const barPitch = 5;
const barWidth = 3;
const keyStepSeconds = 1;

/** A recording's outline as bars, which shows the position and, with `onSeek`, is a slider for mouse, touch and keyboard. */
export function Waveform(props: WaveformProps) {
  let frame: HTMLDivElement | undefined;
  const [width, setWidth] = createSignal(0);
  const clipId = createUniqueId();
  const height = () => props.height ?? 72;

  onMount(() => {
    if (!frame) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.round(entry?.contentRect.width ?? 0)));
    observer.observe(frame);
    onCleanup(() => observer.disconnect());
  });

  const bars = createMemo(() => {
    const count = Math.max(1, Math.floor(width() / barPitch));
    const heights = props.peaks
      ? barHeights(resamplePeaks(props.peaks, count), props.absolute ? 1 : undefined)
      : new Float32Array(count);
    const middle = height() / 2;
    const reach = middle - barWidth / 2;
    let path = '';
    for (const [index, share] of heights.entries()) {
      const x = index * barPitch + barPitch / 2;
      const half = Math.max(0.4, share * reach);
      path += `M${x} ${(middle - half).toFixed(1)}V${(middle + half).toFixed(1)}`;
    }
    return path;
  });

  const xOf = (seconds: number) =>
    props.duration > 0 ? (Math.min(seconds, props.duration) / props.duration) * width() : 0;
  const playedWidth = () => xOf(props.time);

  let pressedAt = 0;
  function secondsAt(event: PointerEvent & { currentTarget: HTMLDivElement }): number {
    const box = event.currentTarget.getBoundingClientRect();
    return ((event.clientX - box.left) / box.width) * props.duration;
  }

  function press(event: PointerEvent & { currentTarget: HTMLDivElement }): void {
    event.currentTarget.setPointerCapture(event.pointerId);
    pressedAt = secondsAt(event);
    props.onSeek?.(pressedAt);
  }

  function drag(event: PointerEvent & { currentTarget: HTMLDivElement }): void {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const draggedTo = secondsAt(event);
    const loop = props.onLoop && loopBetween(pressedAt, draggedTo, props.duration);
    if (loop) props.onLoop?.(loop);
    else if (!props.onLoop) props.onSeek?.(draggedTo);
  }

  function seekByKey(event: KeyboardEvent): void {
    const target = {
      ArrowLeft: props.time - keyStepSeconds,
      ArrowDown: props.time - keyStepSeconds,
      ArrowRight: props.time + keyStepSeconds,
      ArrowUp: props.time + keyStepSeconds,
      Home: 0,
      End: props.duration,
    }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    props.onSeek?.(Math.max(0, Math.min(target, props.duration)));
  }

  const drawing = () => (
    <svg width={width()} height={height()} aria-hidden="true">
      <clipPath id={clipId}>
        <rect x="0" y="0" width={playedWidth()} height={height()} />
      </clipPath>
      <Show when={props.loop}>
        {(loop) => (
          <rect
            class={styles.loop}
            x={xOf(loop().start)}
            y="0"
            width={xOf(loop().end) - xOf(loop().start)}
            height={height()}
            rx="4"
          />
        )}
      </Show>
      <path class={styles.bars} d={bars()} stroke-width={barWidth} />
      <path class={styles.played} d={bars()} stroke-width={barWidth} clip-path={`url(#${clipId})`} />
      <Show when={props.onSeek && props.time > 0}>
        <line class={styles.cursor} x1={playedWidth()} x2={playedWidth()} y1="0" y2={height()} />
      </Show>
    </svg>
  );

  const classes = () =>
    classNames(
      styles.waveform,
      props.tone === 'result' && styles.result,
      props.dimmed && styles.dimmed,
      props.onSeek && styles.slider,
    );

  return (
    <Show
      when={props.onSeek}
      fallback={
        <div ref={frame} class={classes()} style={{ height: `${height()}px` }} role="img" aria-label={props.label}>
          {drawing()}
        </div>
      }
    >
      <div
        ref={frame}
        class={classes()}
        style={{ height: `${height()}px` }}
        role="slider"
        tabIndex={0}
        aria-label={props.label}
        aria-valuemin={0}
        aria-valuemax={Math.round(props.duration * 10) / 10}
        aria-valuenow={Math.round(props.time * 10) / 10}
        aria-valuetext={`${formatClock(props.time)} / ${formatClock(props.duration)}`}
        onPointerDown={press}
        onPointerMove={drag}
        onKeyDown={seekByKey}
      >
        {drawing()}
      </div>
    </Show>
  );
}
