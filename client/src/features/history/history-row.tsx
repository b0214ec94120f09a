import { createSignal, Show } from 'solid-js';
import buttons from '../../components/button.module.css';
import { Button, RoundButton } from '../../components/button.tsx';
import { classNames } from '../../components/class-names.ts';
import { Icon } from '../../components/icon.tsx';
import { formatClock, formatDate, formatPercent } from '../../i18n/format.ts';
import { language } from '../../i18n/index.ts';
import { batchZipUrl } from '../../kernel/batch-api.ts';
import { resultFileName } from '../shared/names.ts';
import { PlayButton } from '../shared/play-button.tsx';
import { saveFile } from '../shared/save-file.ts';
import { type HistoryItem, isUnfinished } from './history-items.ts';
import type { HistoryModel } from './history-model.ts';
import styles from './history-row.module.css';
import { words } from './words.ts';

/** One conversion: what became of it, and what can be done with it. */
export function HistoryRow(props: {
  readonly item: HistoryItem;
  readonly model: HistoryModel;
  readonly onAgain: (item: HistoryItem) => Promise<void>;
  readonly onRemove: (item: HistoryItem) => Promise<void>;
}) {
  const [asks, setAsks] = createSignal(false);
  let keepButton: HTMLButtonElement | undefined;
  const name = () => `${props.item.sourceName} – ${props.item.voiceName}`;
  const job = () => (props.item.origin.kind === 'job' ? props.item.origin.job : undefined);
  const progress = () => (props.item.status === 'active' ? job()?.progress : undefined);

  function ask(): void {
    setAsks(true);
    keepButton?.focus();
  }

  return (
    <li class={styles.row}>
      <Show
        when={props.item.status === 'done'}
        fallback={
          <span class={styles.mark} aria-hidden="true">
            <Icon name={isUnfinished(props.item) ? 'history' : 'alert'} />
          </span>
        }
      >
        <PlayButton
          label={words().listenTo(name())}
          load={() => props.model.result(props.item)}
          onError={props.model.fail}
        />
      </Show>
      <div class={styles.about}>
        <p class={styles.name} title={props.item.sourceName}>
          {props.item.sourceName} <span class={styles.voice}>{words().into(props.item.voiceName)}</span>
        </p>
        <p class={styles.facts}>{factsOf(props.item).join(' · ')}</p>
        <Show when={job()?.batchId}>
          {(batchId) => (
            <a class={styles.facts} href={batchZipUrl(batchId())} download="">
              {words().downloadBatch}
            </a>
          )}
        </Show>
        <Show when={progress() !== undefined}>
          <progress class={styles.progress} aria-label={name()} max={1} value={progress()} />
        </Show>
        <Show when={reasonOf(props.item)}>{(reason) => <p class={styles.reason}>{reason()}</p>}</Show>
      </div>
      <div class={styles.actions}>
        <Show
          when={!asks()}
          fallback={
            <>
              <span class={styles.ask}>{words().removeAsk}</span>
              <Button look="danger" onClick={() => void props.onRemove(props.item)}>
                {words().removeYes}
              </Button>
              <Button ref={keepButton} look="quiet" onClick={() => setAsks(false)}>
                {words().removeNo}
              </Button>
            </>
          }
        >
          <Actions {...props} name={name()} onAsk={ask} />
        </Show>
      </div>
    </li>
  );
}

function Actions(props: {
  readonly item: HistoryItem;
  readonly model: HistoryModel;
  readonly name: string;
  readonly onAgain: (item: HistoryItem) => Promise<void>;
  readonly onAsk: () => void;
}) {
  const result = () => (props.item.origin.kind === 'job' ? props.item.origin.job.result : null);
  const local = () => (props.item.origin.kind === 'local' ? props.item.origin.entry : undefined);

  async function saveLocal(format: string): Promise<void> {
    try {
      const { sourceName, voiceName } = props.item;
      saveFile(await props.model.result(props.item), resultFileName(sourceName, voiceName, format));
    } catch (error) {
      props.model.fail(error);
    }
  }

  return (
    <>
      <Show when={result()}>
        {(file) => (
          <a
            class={classNames(buttons.round, buttons.plain, buttons['round-normal'])}
            href={file().url}
            download={file().name}
            aria-label={words().downloadNamed(props.name)}
            title={words().download}
          >
            <Icon name="download" />
          </a>
        )}
      </Show>
      <Show when={local()}>
        {(entry) => (
          <RoundButton
            icon="download"
            label={words().downloadNamed(props.name)}
            onClick={() => void saveLocal(entry().format)}
          />
        )}
      </Show>
      <Show
        when={!isUnfinished(props.item)}
        fallback={
          <Button
            look="quiet"
            icon="close"
            aria-label={words().cancelNamed(props.name)}
            onClick={() => void props.model.cancel(props.item)}
          >
            {words().cancel}
          </Button>
        }
      >
        <RoundButton
          icon="retry"
          label={words().againNamed(props.name)}
          onClick={() => void props.onAgain(props.item)}
        />
        <RoundButton icon="trash" label={words().removeNamed(props.name)} onClick={() => props.onAsk()} />
      </Show>
    </>
  );
}

/** State, place, time and length, each short. */
function factsOf({ status, place, createdAt, seconds, origin }: HistoryItem): string[] {
  const state =
    status === 'active'
      ? words().states.active(formatPercent(origin.kind === 'job' ? origin.job.progress : 0))
      : words().states[status];
  return [
    ...(status === 'done' ? [] : [state]),
    words().places[place],
    formatDate(new Date(createdAt), language()),
    ...(seconds === undefined ? [] : [formatClock(seconds)]),
  ];
}

/** Why there is no result, in the server's words. */
function reasonOf({ origin }: HistoryItem): string | undefined {
  if (origin.kind === 'outbox') return origin.entry.refusal && sentences(origin.entry.refusal);
  if (origin.kind !== 'job' || !origin.job.error) return undefined;
  const { title, detail } = origin.job.error;
  return sentences({ title, advice: detail });
}

function sentences({ title, advice }: { title: string; advice: string }): string {
  return advice === '' ? title : `${title.replace(/[.!?]$/, '')}. ${advice}`;
}
