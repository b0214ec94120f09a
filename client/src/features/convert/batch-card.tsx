import { For, Show } from 'solid-js';
import { Button, RoundButton } from '../../components/button.tsx';
import { Notice } from '../../components/notice.tsx';
import { formatPercent } from '../../i18n/format.ts';
import { language, t } from '../../i18n/index.ts';
import cards from '../shared/cards.module.css';
import { DropZone } from '../shared/drop-zone.tsx';
import { FileButton } from '../shared/file-input.tsx';
import { nameOf } from '../shared/names.ts';
import { problemText } from '../shared/problem-text.ts';
import { unfinishedWords } from '../shared/unfinished-words.ts';
import styles from './batch.module.css';
import type { BatchFile, BatchModel } from './batch-model.ts';
import { words } from './batch-words.ts';

/** The recordings of a batch, each with what became of it. */
export function BatchCard(props: { readonly batch: BatchModel }) {
  const { batch } = props;
  const isRunning = () => batch.phase() === 'running';
  return (
    <DropZone label={words().title} class={cards.card} onFile={(one) => batch.add([one])} onSeveral={batch.add}>
      <header class={cards.header}>
        <h2>{words().title}</h2>
        <p>{words().hint(batch.files.length)}</p>
      </header>
      <ul class={styles.files} aria-label={words().list}>
        <For each={batch.files}>
          {(file, index) => (
            <li class={styles.file}>
              <div class={styles.about}>
                <p class={styles.name} title={nameOf(file.recording, language())}>
                  {nameOf(file.recording, language())}
                </p>
                <p class={styles.state} classList={{ [styles.failed ?? '']: file.state === 'failed' }}>
                  {stateOf(file)}
                </p>
              </div>
              <Show when={!isRunning()}>
                <RoundButton
                  icon="close"
                  label={words().removeNamed(nameOf(file.recording, language()))}
                  onClick={() => batch.removeAt(index())}
                />
              </Show>
            </li>
          )}
        </For>
      </ul>
      <Show when={batch.lostCount() > 0}>
        <Notice kind="remark">{unfinishedWords().lost(batch.lostCount())}</Notice>
      </Show>
      <Show when={!isRunning()}>
        <div class={styles.actions}>
          <FileButton label={words().add} onPick={(one) => batch.add([one])} onSeveral={batch.add} />
          <Button look="quiet" onClick={batch.clear}>
            {words().clear}
          </Button>
        </div>
      </Show>
    </DropZone>
  );
}

function stateOf({ state, fraction, error }: BatchFile): string {
  if (state === 'uploading' || state === 'active') return words().states[state](formatPercent(fraction));
  const text = words().states[state];
  return error === undefined ? text : `${text}: ${problemText(error, t(), language()).title}`;
}
