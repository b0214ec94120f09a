import { createSignal, For, Show } from 'solid-js';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { TextField } from '../../components/text-field.tsx';
import { formatDuration } from '../../i18n/format.ts';
import { language } from '../../i18n/index.ts';
import cards from '../shared/cards.module.css';
import { safeFileName } from '../shared/names.ts';
import { ProblemNotice } from '../shared/problem-notice.tsx';
import { saveFile } from '../shared/save-file.ts';
import type { SavedVoiceItem } from './saved-voices.ts';
import styles from './voice-list.module.css';
import type { VoicesModel } from './voices-model.ts';
import { words } from './words.ts';

/** The saved voices, each of which can be used, renamed, taken away as a file, and deleted. */
export function VoiceList(props: {
  readonly model: VoicesModel;
  readonly onUse: (item: SavedVoiceItem) => Promise<void>;
}) {
  const { model } = props;
  const [renaming, setRenaming] = createSignal<string>();
  const [name, setName] = createSignal('');
  const [asked, setAsked] = createSignal<SavedVoiceItem>();
  const [error, setError] = createSignal<unknown>();
  const [imported, setImported] = createSignal<string>();
  let heading: HTMLHeadingElement | undefined;
  let picker: HTMLInputElement | undefined;

  async function attempt(work: () => Promise<unknown>): Promise<void> {
    setError(undefined);
    setImported(undefined);
    try {
      await work();
    } catch (failure) {
      setError(failure);
    }
  }

  const rename = (item: SavedVoiceItem, event: Event) => {
    event.preventDefault();
    const next = name().trim();
    if (next === '') return;
    void attempt(async () => {
      await model.rename(item, next);
      setRenaming(undefined);
      heading?.focus();
    });
  };

  return (
    <section class={cards.card} aria-labelledby="saved-voices">
      <header class={cards.header}>
        <h2 id="saved-voices" ref={heading} tabIndex={-1} class={styles.title}>
          {words().list.title}
        </h2>
        <p role="status">
          <Show when={imported()}>{(called) => words().list.imported(called())}</Show>
        </p>
      </header>
      <Show when={error()}>{(failure) => <ProblemNotice error={failure()} />}</Show>
      <Show when={model.saved.isServerAway()}>
        <p class={styles.quiet}>{words().list.offline}</p>
      </Show>
      <Show
        when={model.saved.items().length > 0}
        fallback={<p class={styles.quiet}>{model.saved.isLoading() ? words().list.loading : words().list.empty}</p>}
      >
        <ul class={styles.voices}>
          <For each={model.saved.items()}>
            {(item) => (
              <li class={styles.row}>
                <Show
                  when={renaming() === item.id}
                  fallback={
                    <div class={styles.about}>
                      <p class={styles.name}>{item.name}</p>
                      <p class={styles.quiet}>{describe(item)}</p>
                    </div>
                  }
                >
                  <form class={styles.rename} onSubmit={(event) => rename(item, event)}>
                    <TextField label={words().list.newName} value={name()} onInput={setName} maxlength={100} />
                    <Button type="submit">{words().list.keepName}</Button>
                  </form>
                </Show>
                <div class={styles.actions}>
                  <Button
                    aria-label={words().list.useFor(item.name)}
                    onClick={() => void attempt(() => props.onUse(item))}
                  >
                    {words().list.use}
                  </Button>
                  <Button
                    look="quiet"
                    aria-label={words().list.renameFor(item.name)}
                    onClick={() => {
                      setName(item.name);
                      setRenaming(item.id);
                    }}
                  >
                    {words().list.rename}
                  </Button>
                  <Button
                    look="quiet"
                    aria-label={words().list.exportFor(item.name)}
                    onClick={() =>
                      void attempt(async () =>
                        saveFile(await model.saved.profileOf(item), `${safeFileName(item.name)}.giong-voice`),
                      )
                    }
                  >
                    {words().list.export}
                  </Button>
                  <Button look="quiet" aria-label={words().list.removeFor(item.name)} onClick={() => setAsked(item)}>
                    {words().list.remove}
                  </Button>
                </div>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <div>
        <Button icon="file" onClick={() => picker?.click()}>
          {words().list.import}
        </Button>
        <input
          ref={picker}
          type="file"
          accept=".giong-voice"
          hidden
          onChange={(event) => {
            const [file] = event.currentTarget.files ?? [];
            if (file) void attempt(async () => setImported(await model.import(file)));
            event.currentTarget.value = '';
          }}
        />
      </div>
      <Show when={asked()} keyed>
        {(item) => (
          <ConfirmDialog
            title={words().list.removeTitle(item.name)}
            confirmLabel={words().list.remove}
            cancelLabel={words().list.cancel}
            onConfirm={async () => {
              await attempt(() => model.remove(item));
              setAsked(undefined);
              heading?.focus();
            }}
            onCancel={() => setAsked(undefined)}
          >
            {words().list.removeText}
          </ConfirmDialog>
        )}
      </Show>
    </section>
  );
}

function describe({ place, speechSeconds }: SavedVoiceItem): string {
  const { list, make } = words();
  const where = place === 'server' ? list.onServer : list.onDevice;
  return speechSeconds === null ? where : `${where} · ${make.speech(formatDuration(speechSeconds, language()))}`;
}
