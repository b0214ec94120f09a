import { createSignal, Show } from 'solid-js';
import { Button } from '../../components/button.tsx';
import { TextField } from '../../components/text-field.tsx';
import cards from '../shared/cards.module.css';
import { ProblemNotice } from '../shared/problem-notice.tsx';
import styles from './admin-card.module.css';
import type { AdminModel } from './admin-model.ts';
import { AdminPanel } from './admin-panel.tsx';
import { createAttempt } from './attempt.ts';
import type { LiveModel } from './live-model.ts';
import { words } from './words.ts';

/** Where the operator shows the admin key, and what it opens. */
export function AdminCard(props: { readonly model: AdminModel; readonly live: LiveModel }) {
  const [key, setKey] = createSignal('');
  const unlocking = createAttempt();

  async function unlock(event: Event): Promise<void> {
    event.preventDefault();
    if (key().trim() !== '' && (await unlocking.run(() => props.model.unlock(key().trim())))) setKey('');
  }

  return (
    <section class={cards.card} aria-labelledby="admin">
      <header class={cards.header}>
        <h2 id="admin">{words().admin.title}</h2>
        <p>{words().admin.lead}</p>
      </header>
      <Show
        when={props.model.unlocked()}
        fallback={
          <>
            <form class={styles.row} onSubmit={(event) => void unlock(event)}>
              <TextField
                label={words().admin.key}
                type="password"
                autocomplete="off"
                value={key()}
                onInput={setKey}
                required
              />
              <Button type="submit" disabled={unlocking.busy()}>
                {unlocking.busy() ? words().admin.opening : words().admin.open}
              </Button>
            </form>
            <p class={styles.quiet}>{words().admin.keyHint}</p>
            <Show when={unlocking.error()}>{(error) => <ProblemNotice error={error()} />}</Show>
          </>
        }
      >
        {(admin) => <AdminPanel admin={admin()} live={props.live} onLeave={props.model.lock} />}
      </Show>
    </section>
  );
}
