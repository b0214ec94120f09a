import { createSignal, For, Show } from 'solid-js';
import type { Model } from '#server/http/api-types.ts';
import { Button } from '../../components/button.tsx';
import { Notice } from '../../components/notice.tsx';
import { formatPercent } from '../../i18n/format.ts';
import { language } from '../../i18n/index.ts';
import type { AdminApi, SystemApi } from '../../kernel/system-api.ts';
import { formatBytes } from '../shared/bytes.ts';
import cards from '../shared/cards.module.css';
import { ProblemNotice } from '../shared/problem-notice.tsx';
import { createAttempt } from './attempt.ts';
import styles from './lists.module.css';
import { poll } from './poll.ts';
import { words } from './words.ts';

/** While a model comes it is asked often how far it is, else only now and then: another may have begun a download. */
const lookMilliseconds = { coming: 1000, quiet: 15_000 };

/** The server's models, and with the admin key a way to download those that are missing. */
export function ModelsCard(props: { readonly api: SystemApi; readonly admin: AdminApi | undefined }) {
  const [models, setModels] = createSignal<readonly Model[]>();
  const [error, setError] = createSignal<unknown>();
  const download = createAttempt();
  let lookedAt = 0;

  async function load(): Promise<void> {
    lookedAt = Date.now();
    try {
      setModels(await props.api.models());
      setError(undefined);
    } catch (failure) {
      setError(failure);
    }
  }

  poll(async () => {
    const isComing = models()?.some(({ state }) => state === 'downloading');
    if (isComing || Date.now() - lookedAt >= lookMilliseconds.quiet) await load();
  }, lookMilliseconds.coming);

  const start = (admin: AdminApi, id: string) =>
    download.run(async () => {
      await admin.downloadModel(id);
      await load();
    });

  return (
    <section class={cards.card} aria-labelledby="models">
      <header class={cards.header}>
        <h2 id="models">{words().models.title}</h2>
        <p>{words().models.lead}</p>
      </header>
      <Show when={error()}>
        {(failure) => (
          <ProblemNotice error={failure()} actions={<Button onClick={() => void load()}>{words().retry}</Button>} />
        )}
      </Show>
      <Show when={download.error()}>{(failure) => <ProblemNotice error={failure()} />}</Show>
      <ul class={styles.list}>
        <For each={models()?.map(({ id }) => id)}>
          {(id) => (
            <Show when={models()?.find((model) => model.id === id)}>
              {(model) => (
                <ModelRow
                  model={model()}
                  onDownload={props.admin && (() => props.admin && void start(props.admin, id))}
                />
              )}
            </Show>
          )}
        </For>
      </ul>
    </section>
  );
}

function ModelRow(props: { readonly model: Model; readonly onDownload: (() => void) | undefined }) {
  const facts = () => [
    formatBytes(props.model.bytes, language()),
    words().models.licence(props.model.licence),
    ...(props.model.engines.length > 0 ? [words().models.engines(props.model.engines.join(', '))] : []),
  ];
  return (
    <li class={styles.row}>
      <div class={styles.about}>
        <p class={styles.name}>{props.model.name}</p>
        <p class={styles.quiet}>{facts().join(' · ')}</p>
      </div>
      <Show
        when={props.model.state === 'missing' && props.onDownload}
        fallback={<span class={styles.state}>{words().models.states[props.model.state]}</span>}
      >
        {(download) => (
          <Button
            icon="download"
            aria-label={words().models.downloadModel(props.model.name)}
            onClick={() => download()()}
          >
            {words().models.download}
          </Button>
        )}
      </Show>
      <Show when={props.model.progress !== null}>
        <div class={styles.progress}>
          <progress max="1" value={props.model.progress ?? 0} aria-label={words().models.progress(props.model.name)} />
          <span>{formatPercent(props.model.progress ?? 0)}</span>
        </div>
      </Show>
      <Show when={props.model.error}>
        {(failure) => (
          <Notice kind="problem" title={failure().title}>
            {failure().detail}
          </Notice>
        )}
      </Show>
    </li>
  );
}
