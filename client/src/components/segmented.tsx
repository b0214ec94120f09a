import { createUniqueId, For } from 'solid-js';
import styles from './segmented.module.css';

interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

/** One of a few choices, side by side: a radio group, so arrow keys move within it. */
export function Segmented<Value extends string>(props: {
  readonly label: string;
  readonly choices: readonly Choice<Value>[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly labelHidden?: boolean;
  readonly disabled?: boolean;
}) {
  const name = createUniqueId();
  return (
    <fieldset class={styles.group} disabled={props.disabled ?? false}>
      <legend class={props.labelHidden ? 'visually-hidden' : styles.legend}>{props.label}</legend>
      <div class={styles.track}>
        <For each={props.choices}>
          {(choice) => (
            <label class={styles.choice}>
              <input
                class="visually-hidden"
                type="radio"
                name={name}
                value={choice.value}
                checked={choice.value === props.value}
                onChange={() => props.onChange(choice.value)}
              />
              <span>{choice.label}</span>
            </label>
          )}
        </For>
      </div>
    </fieldset>
  );
}
