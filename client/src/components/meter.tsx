import type { JSX } from 'solid-js';
import styles from './meter.module.css';

/** A bar that fills up: a level, or how much there is of what is needed. `--meter-size` makes it thicker. */
export function Meter(
  props: Omit<JSX.MeterHTMLAttributes<HTMLMeterElement>, 'class' | 'aria-label'> & { readonly 'aria-label': string },
) {
  return <meter {...props} class={styles.meter} />;
}
