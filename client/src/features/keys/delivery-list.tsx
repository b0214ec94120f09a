import { createResource, For, Show, Suspense } from 'solid-js';
import type { WebhookDelivery } from '#server/http/api-types.ts';
import { Button } from '../../components/button.tsx';
import { formatDate } from '../../i18n/format.ts';
import { language } from '../../i18n/index.ts';
import type { KeysApi } from '../../kernel/keys-api.ts';
import cards from '../shared/cards.module.css';
import { ProblemNotice } from '../shared/problem-notice.tsx';
import styles from './key-list.module.css';
import { words } from './words.ts';

/** So many of the newest are shown; programs can ask for more. */
const shown = 10;

/** How the workspace's webhooks stand, newest first. */
export function DeliveryList(props: { readonly api: KeysApi }) {
  const [list, { refetch }] = createResource(() => props.api.deliveries());
  const reload = () => <Button onClick={() => void refetch()}>{words().deliveries.reload}</Button>;
  return (
    <section class={cards.card} aria-labelledby="deliveries">
      <header class={cards.header}>
        <h2 id="deliveries">{words().deliveries.title}</h2>
        <p>{words().deliveries.lead}</p>
      </header>
      <Suspense fallback={<p class={styles.quiet}>{words().list.loading}</p>}>
        <Show when={!list.error} fallback={<ProblemNotice error={list.error} actions={reload()} />}>
          <Show when={list()?.length} fallback={<p class={styles.quiet}>{words().deliveries.empty}</p>}>
            <ul class={styles.keys}>
              <For each={list()?.slice(0, shown)}>
                {(delivery) => (
                  <li class={styles.row}>
                    <div class={styles.about}>
                      <p class={styles.name}>
                        {delivery.url}
                        <span class={styles.badge}>{words().deliveries.states[delivery.status]}</span>
                      </p>
                      <p class={styles.quiet}>{describe(delivery)}</p>
                    </div>
                  </li>
                )}
              </For>
            </ul>
            <div>{reload()}</div>
          </Show>
        </Show>
      </Suspense>
    </section>
  );
}

function describe({ subjectId, status, attempts, lastStatus, lastError, nextAttemptAt, createdAt }: WebhookDelivery) {
  const { deliveries, list } = words();
  const moment = (time: string) => formatDate(new Date(time), language());
  return [
    subjectId,
    list.createdAt(moment(createdAt)),
    attempts > 0 && deliveries.attempts(String(attempts)),
    lastStatus !== null && deliveries.answered(String(lastStatus)),
    lastError !== null && deliveries.errors[lastError],
    status === 'due' && attempts > 0 && nextAttemptAt !== null && deliveries.next(moment(nextAttemptAt)),
  ]
    .filter(Boolean)
    .join(' · ');
}
