import { createUniqueId } from 'solid-js';
import styles from './slider.module.css';

/** A number chosen by dragging or by arrow keys, with its value in words. */
export function Slider(props: {
  readonly label: string;
  readonly hint?: string;
  readonly value: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly step: number;
  /** The value as people say it, such as `+3 semitones`. */
  readonly valueText: string;
  readonly onInput: (value: number) => void;
}) {
  const id = createUniqueId();
  const filled = () => ((props.value - props.minimum) / (props.maximum - props.minimum)) * 100;
  return (
    <div class={styles.slider}>
      <div class={styles.head}>
        <label for={id}>{props.label}</label>
        <output for={id}>{props.valueText}</output>
      </div>
      <input
        id={id}
        type="range"
        min={props.minimum}
        max={props.maximum}
        step={props.step}
        value={props.value}
        style={{ '--filled': `${filled()}%` }}
        aria-valuetext={props.valueText}
        aria-describedby={props.hint ? `${id}-hint` : undefined}
        onInput={(event) => props.onInput(event.currentTarget.valueAsNumber)}
      />
      {props.hint && (
        <p id={`${id}-hint`} class={styles.hint}>
          {props.hint}
        </p>
      )}
    </div>
  );
}
