import { createUniqueId, type JSX, splitProps } from 'solid-js';
import styles from './text-field.module.css';

type TextFieldProps = Pick<
  JSX.InputHTMLAttributes<HTMLInputElement>,
  'type' | 'autocomplete' | 'maxlength' | 'placeholder' | 'required' | 'min' | 'max'
> & {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
};

/** A line of text, or a number, under its name. */
export function TextField(props: TextFieldProps) {
  const [own, rest] = splitProps(props, ['label', 'value', 'onInput']);
  const id = createUniqueId();
  return (
    <div class={styles.field}>
      <label for={id}>{own.label}</label>
      <input
        id={id}
        type="text"
        spellcheck={false}
        {...rest}
        value={own.value}
        onInput={(event) => own.onInput(event.currentTarget.value)}
      />
    </div>
  );
}
