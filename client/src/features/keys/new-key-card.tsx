import { createSignal, Show } from 'solid-js';
import { Button } from '../../components/button.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { TextField } from '../../components/text-field.tsx';
import cards from '../shared/cards.module.css';
import { ProblemNotice } from '../shared/problem-notice.tsx';
import type { KeysModel } from './keys-model.ts';
import styles from './new-key-card.module.css';
import { words } from './words.ts';

/** As long as the server takes. */
const longestName = 100;

/** Makes a key and shows it, this once. */
export function NewKeyCard(props: { readonly model: KeysModel }) {
  const [name, setName] = createSignal('');
  const [busy, setBusy] = createSignal(false);
  const [error, setError] = createSignal<unknown>();
  let createdTitle: HTMLHeadingElement | undefined;

  async function create(event: Event): Promise<void> {
    event.preventDefault();
    if (busy() || name().trim() === '') return;
    setBusy(true);
    setError(undefined);
    try {
      await props.model.create(name());
      setName('');
      createdTitle?.focus();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  }

  return (
    <section class={cards.card} aria-labelledby="new-key">
      <header class={cards.header}>
        <h2 id="new-key">{words().create.title}</h2>
        <p>{words().create.hint}</p>
      </header>
      <form class={styles.form} onSubmit={(event) => void create(event)}>
        <TextField
          label={words().create.name}
          placeholder={words().create.placeholder}
          value={name()}
          onInput={setName}
          maxlength={longestName}
          autocomplete="off"
          required
        />
        <Button type="submit" look="primary" icon="key" disabled={busy()}>
          {busy() ? words().create.creating : words().create.action}
        </Button>
      </form>
      <Show when={error()}>{(failure) => <ProblemNotice error={failure()} />}</Show>
      <Show when={props.model.created()} keyed>
        {(created) => (
          <div class={styles.created}>
            <h3 ref={createdTitle} tabIndex={-1}>
              {words().created.title(created.name)}
            </h3>
            <p>{words().created.once}</p>
            <div class={styles.key}>
              <span class="visually-hidden">{words().created.key}</span>
              <code>{created.key}</code>
              <CopyButton text={created.key} label={words().copy} copied={words().copied} failed={words().copyFailed} />
            </div>
            <p>{words().created.inExamples}</p>
          </div>
        )}
      </Show>
    </section>
  );
}
