import { A, useNavigate } from '@solidjs/router';
import { createSignal, For, Match, Show, Switch } from 'solid-js';
import { useApp } from '../../app-context.ts';
import buttons from '../../components/button.module.css';
import { Button } from '../../components/button.tsx';
import { classNames } from '../../components/class-names.ts';
import { Notice } from '../../components/notice.tsx';
import cards from '../shared/cards.module.css';
import { ProblemNotice } from '../shared/problem-notice.tsx';
import { SourceGoneError, VoiceGoneError } from './convert-again.ts';
import { HistoryFilters } from './history-filters.tsx';
import type { HistoryItem } from './history-items.ts';
import { createHistoryModel } from './history-model.ts';
import styles from './history-page.module.css';
import { HistoryRow } from './history-row.tsx';
import { StorageUsed } from './storage-used.tsx';
import { words } from './words.ts';

/** The screen "Lịch sử": every conversion, on the server and on this device. */
export default function HistoryPage() {
  const { services, convert } = useApp();
  const model = createHistoryModel(services, convert);
  const navigate = useNavigate();
  const [said, setSaid] = createSignal('');

  async function again(item: HistoryItem): Promise<void> {
    if (await model.convertAgain(item)) navigate('/');
  }
  async function remove(item: HistoryItem): Promise<void> {
    if (await model.remove(item)) setSaid(words().removed);
  }

  return (
    <>
      <header class={styles.hero}>
        <h1>{words().title}</h1>
        <p>{words().lead}</p>
        <StorageUsed model={model} />
      </header>
      <Show when={model.isUnreachable()}>
        <Notice kind="remark">{words().unreachable}</Notice>
      </Show>
      <Show when={model.problem()}>{(error) => <Problem error={error()} />}</Show>
      <Show when={!model.isEmpty()} fallback={<Nothing isLoading={model.isLoading()} />}>
        <HistoryFilters model={model} />
        <Switch>
          <Match when={model.shownIds().length > 0}>
            <ul class={classNames(cards.card, styles.list)} aria-label={words().list}>
              <For each={model.shownIds()}>
                {(id) => (
                  <Show when={model.item(id)}>
                    {(item) => <HistoryRow item={item()} model={model} onAgain={again} onRemove={remove} />}
                  </Show>
                )}
              </For>
            </ul>
          </Match>
          <Match when={true}>
            <div class={styles.nothing}>
              <p>{words().noMatch.title}</p>
              <Button onClick={model.clearFilter}>{words().noMatch.action}</Button>
            </div>
          </Match>
        </Switch>
        <Show when={model.hasMore()}>
          <Button class={styles.more} icon="chevron" onClick={() => void model.more()}>
            {words().more}
          </Button>
        </Show>
      </Show>
      <p class="visually-hidden" role="status">
        {said()}
      </p>
    </>
  );
}

/** What went wrong; what is gone is told apart. */
function Problem(props: { readonly error: unknown }) {
  return (
    <Switch fallback={<ProblemNotice error={props.error} />}>
      <Match when={props.error instanceof SourceGoneError}>
        <Notice kind="problem" title={words().gone.title}>
          {words().gone.advice}
        </Notice>
      </Match>
      <Match when={props.error instanceof VoiceGoneError && props.error}>
        {(gone) => (
          <Notice
            kind="problem"
            title={words().voiceGone.title(gone().voiceName)}
            actions={<A href="/">{words().voiceGone.action}</A>}
          >
            {words().voiceGone.advice}
          </Notice>
        )}
      </Match>
    </Switch>
  );
}

/** What stands in place of an empty list. */
function Nothing(props: { readonly isLoading: boolean }) {
  return (
    <div class={styles.nothing}>
      <Show when={!props.isLoading} fallback={<p role="status">{words().loading}</p>}>
        <h2>{words().empty.title}</h2>
        <p>{words().empty.advice}</p>
        <A href="/" class={classNames(buttons.button, buttons.primary, styles.link)}>
          {words().empty.action}
        </A>
      </Show>
    </div>
  );
}
