import { For } from 'solid-js';
import styles from './select.module.css';

/** One of several choices from a list that opens; `label` is shown before it, or only said by screen readers. */
export function Select<Value extends string>(props: {
  readonly label: string;
  readonly choices: readonly { readonly value: Value; readonly label: string }[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly labelHidden?: boolean;
}) {
  return (
    <label class={styles.field}>
      <span class={props.labelHidden ? 'visually-hidden' : undefined}>{props.label}</span>
      <select
        value={props.value}
        onChange={(event) => {
          const choice = props.choices.find(({ value }) => value === event.currentTarget.value);
          if (choice) props.onChange(choice.value);
        }}
      >
        <For each={props.choices}>{(choice) => <option value={choice.value}>{choice.label}</option>}</For>
      </select>
    </label>
  );
}
