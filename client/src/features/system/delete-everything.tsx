import { createSignal, Show } from 'solid-js';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { tellCleared } from '../../kernel/cleared.ts';
import { removeOwnData } from '../../kernel/kept-here.ts';
import type { SystemApi } from '../../kernel/system-api.ts';
import { ProblemNotice } from '../shared/problem-notice.tsx';
import { createAttempt } from './attempt.ts';
import styles from './lists.module.css';
import { words } from './words.ts';

/** Deletes all that the visitor has, there and here, once they have typed that they want it. */
export function DeleteEverything(props: { readonly api: SystemApi }) {
  const [asks, setAsks] = createSignal(false);
  const attempt = createAttempt();
  const own = () => words().device.everything;

  async function remove(): Promise<void> {
    const done = await attempt.run(async () => {
      // The server first: should it be away, nothing is gone and it can be tried again.
      await props.api.deleteMine();
      await removeOwnData();
      tellCleared();
    });
    setAsks(false);
    // What still stands in this page's memory goes too.
    if (done) location.assign('/');
  }

  return (
    <div class={styles.part}>
      <h3>{own().title}</h3>
      <p class={styles.quiet}>{own().hint}</p>
      <Button look="danger" onClick={() => setAsks(true)}>
        {own().action}
      </Button>
      <Show when={attempt.error()}>{(error) => <ProblemNotice error={error()} />}</Show>
      <Show when={asks()}>
        <ConfirmDialog
          title={own().question}
          confirmLabel={own().confirm}
          cancelLabel={own().cancel}
          typed={{ word: own().word, label: own().type(own().word) }}
          onConfirm={remove}
          onCancel={() => setAsks(false)}
        >
          {own().text}
        </ConfirmDialog>
      </Show>
    </div>
  );
}
