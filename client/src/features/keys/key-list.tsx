import { createSignal, For, Show, Suspense } from 'solid-js';
import type { Key } from '#server/http/api-types.ts';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { formatDate } from '../../i18n/format.ts';
import { language } from '../../i18n/index.ts';
import cards from '../shared/cards.module.css';
import { ProblemNotice } from '../shared/problem-notice.tsx';
import styles from './key-list.module.css';
import type { KeysModel } from './keys-model.ts';
import { words } from './words.ts';

/** The keys there are, newest first, each of which can be revoked. */
export function KeyList(props: { readonly model: KeysModel }) {
  const [asked, setAsked] = createSignal<Key>();
  const [error, setError] = createSignal<unknown>();
  let heading: HTMLHeadingElement | undefined;
  const newestFirst = () => [...(props.model.list() ?? [])].reverse();

  async function revoke(key: Key): Promise<void> {
    setError(undefined);
    try {
      await props.model.revoke(key);
    } catch (failure) {
      setError(failure);
    }
    setAsked(undefined);
    // The button that had the focus is gone with its key.
    heading?.focus();
  }

  return (
    <section class={cards.card} aria-labelledby="keys">
      <header class={cards.header}>
        <h2 id="keys" ref={heading} tabIndex={-1} class={styles.title}>
          {words().list.title}
        </h2>
        <p role="status">
          <Show when={props.model.revoked()}>{(key) => words().revoke.done(key().name)}</Show>
        </p>
      </header>
      <Show when={error()}>{(failure) => <ProblemNotice error={failure()} />}</Show>
      <Suspense fallback={<p class={styles.quiet}>{words().list.loading}</p>}>
        <Show
          when={!props.model.list.error}
          fallback={
            <ProblemNotice
              error={props.model.list.error}
              actions={<Button onClick={props.model.reload}>{words().list.retry}</Button>}
            />
          }
        >
          <Show when={newestFirst().length > 0} fallback={<p class={styles.quiet}>{words().list.empty}</p>}>
            <ul class={styles.keys}>
              <For each={newestFirst()}>
                {(key) => (
                  <li class={styles.row}>
                    <div class={styles.about}>
                      <p class={styles.name}>
                        {key.name}
                        <Show when={key.priority === 'paid'}>
                          <span class={styles.badge}>{words().list.paid}</span>
                        </Show>
                      </p>
                      <p class={styles.quiet}>{describe(key)}</p>
                    </div>
                    <Button aria-label={words().revoke.actionFor(key.name)} onClick={() => setAsked(key)}>
                      {words().revoke.action}
                    </Button>
                  </li>
                )}
              </For>
            </ul>
          </Show>
        </Show>
      </Suspense>
      <Show when={asked()} keyed>
        {(key) => (
          <ConfirmDialog
            title={words().revoke.title(key.name)}
            confirmLabel={words().revoke.action}
            cancelLabel={words().revoke.cancel}
            onConfirm={() => revoke(key)}
            onCancel={() => setAsked(undefined)}
          >
            {words().revoke.text}
          </ConfirmDialog>
        )}
      </Show>
    </section>
  );
}

function describe({ createdAt, lastUsedAt, ending }: Key): string {
  const { list } = words();
  const used = lastUsedAt === null ? list.unused : list.used(formatDate(new Date(lastUsedAt), language()));
  return [list.createdAt(formatDate(new Date(createdAt), language())), used, list.ending(ending)].join(' · ');
}
