import { createEffect, For, onCleanup, onMount } from 'solid-js';
import { heightOf, type Spectrogram } from '../kernel/spectrogram.ts';
import styles from './spectrogram-view.module.css';

const markedHz = [100, 200, 500, 1000, 2000, 5000];

/** A spectrogram with its frequencies and the position: low below, high above, octaves equally high. */
export function SpectrogramView(props: {
  readonly spectrogram: Spectrogram;
  /** Position and length in seconds. */
  readonly time: number;
  readonly duration: number;
  /** Name for screen readers. */
  readonly label: string;
}) {
  let canvas: HTMLCanvasElement | undefined;
  const draw = () => canvas && drawSpectrogram(canvas, props.spectrogram);

  onMount(() => {
    createEffect(draw);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', draw);
    onCleanup(() => scheme.removeEventListener('change', draw));
  });

  return (
    <div class={styles.view} role="img" aria-label={props.label}>
      <canvas ref={canvas} class={styles.picture} />
      <For each={markedHz}>
        {(hz) => (
          <span class={styles.mark} style={{ 'inset-block-end': `${heightOf(hz) * 100}%` }} aria-hidden="true">
            {hz < 1000 ? hz : `${hz / 1000}k`}
          </span>
        )}
      </For>
      <span
        class={styles.cursor}
        style={{ 'inset-inline-start': `${props.duration > 0 ? Math.min(1, props.time / props.duration) * 100 : 0}%` }}
      />
    </div>
  );
}

/** One pixel for each level; the browser stretches it. Shades run from the card's colour over the accent to the text's. */
function drawSpectrogram(canvas: HTMLCanvasElement, { levels, columns, rows }: Spectrogram): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  canvas.width = columns;
  canvas.height = rows;
  const style = getComputedStyle(canvas);
  const [faint, middle, strong] = ['--sunken', '--accent', '--ink'].map((name) => rgbOf(style.getPropertyValue(name)));
  if (!faint || !middle || !strong) return;
  const picture = context.createImageData(columns, rows);
  for (const [index, level] of levels.entries()) {
    const share = level / 255;
    const [from, to, part] = share < 0.6 ? [faint, middle, share / 0.6] : [middle, strong, (share - 0.6) / 0.4];
    for (const channel of [0, 1, 2] as const) {
      picture.data[index * 4 + channel] = from[channel] + (to[channel] - from[channel]) * part;
    }
    picture.data[index * 4 + 3] = 255;
  }
  context.putImageData(picture, 0, 0);
}

/** Red, green and blue of a colour written `#rrggbb`, 0..255. */
function rgbOf(colour: string): readonly [number, number, number] {
  const value = Number.parseInt(colour.trim().slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}
