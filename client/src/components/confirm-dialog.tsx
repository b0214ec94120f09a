import { createSignal, createUniqueId, type JSX, onMount, Show } from 'solid-js';
import { Button } from './button.tsx';
import styles from './confirm-dialog.module.css';
import { TextField } from './text-field.tsx';

/**
 * Asks before something that cannot be undone. Show it while the question stands; Escape and `cancelLabel` call `onCancel`. With
 * `typed`, the word must be typed first. While `onConfirm` runs both buttons rest; what it throws is the caller's to show.
 */
export function ConfirmDialog(props: {
  readonly title: string;
  readonly children: JSX.Element;
  readonly confirmLabel: string;
  readonly cancelLabel: string;
  readonly typed?: { readonly word: string; readonly label: string };
  readonly onConfirm: () => Promise<void>;
  readonly onCancel: () => void;
}) {
  let dialog: HTMLDialogElement | undefined;
  const title = createUniqueId();
  const [word, setWord] = createSignal('');
  const [busy, setBusy] = createSignal(false);
  const isTyped = () => !props.typed || word().trim().toLocaleLowerCase() === props.typed.word.toLocaleLowerCase();
  onMount(() => dialog?.showModal());

  async function confirm(event: Event): Promise<void> {
    event.preventDefault();
    if (busy() || !isTyped()) return;
    setBusy(true);
    await props.onConfirm();
    setBusy(false);
  }

  return (
    <dialog
      ref={dialog}
      class={styles.dialog}
      aria-labelledby={title}
      onCancel={(event) => {
        event.preventDefault();
        if (!busy()) props.onCancel();
      }}
    >
      <form class={styles.form} onSubmit={(event) => void confirm(event)}>
        <h2 id={title}>{props.title}</h2>
        <div class={styles.text}>{props.children}</div>
        <Show when={props.typed}>
          {(typed) => <TextField label={typed().label} value={word()} onInput={setWord} autocomplete="off" />}
        </Show>
        <div class={styles.actions}>
          <Button disabled={busy()} onClick={props.onCancel}>
            {props.cancelLabel}
          </Button>
          <Button type="submit" look="danger" disabled={busy() || !isTyped()}>
            {props.confirmLabel}
          </Button>
        </div>
      </form>
    </dialog>
  );
}
