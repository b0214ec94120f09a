import { createSignal, For, Show } from 'solid-js';
import { Button } from '../../components/button.tsx';
import { classNames } from '../../components/class-names.ts';
import cards from '../shared/cards.module.css';
import { withoutExtension } from '../shared/names.ts';
import { SavedVoiceCard } from './saved-voice-card.tsx';
import type { VoiceItem } from './voice-item.ts';
import { VoiceProblem } from './voice-problem.tsx';
import type { VoicesModel } from './voices-model.ts';
import styles from './voices-page.module.css';
import { words } from './words.ts';

/** The saved voices, and the way in for a voice file. */
export function SavedVoices(props: { readonly model: VoicesModel; readonly onSaid: (text: string) => void }) {
  const { model } = props;
  const [problem, setProblem] = createSignal<{ readonly error: unknown }>();
  let input: HTMLInputElement | undefined;

  /** Does something with a voice; says what went wrong. */
  async function attempt(work: () => Promise<void>, said?: string): Promise<void> {
    setProblem(undefined);
    try {
      await work();
      if (said !== undefined) props.onSaid(said);
    } catch (error) {
      setProblem({ error });
    }
  }
  const importFile = (file: File) => {
    const name = withoutExtension(file.name.replace(/\.giong-voice$/, ''));
    return attempt(() => model.importFile(model.isUnreachable() ? 'device' : 'server', file, name));
  };
  const ids = () => model.items().map(({ id }) => id);
  const itemOf = (id: string): VoiceItem | undefined => model.items().find((item) => item.id === id);

  return (
    <section class={classNames(cards.card, styles.start)} aria-label={words().saved.title}>
      <header class={cards.header}>
        <h2>{words().saved.title}</h2>
      </header>
      <Show when={problem()}>{(failed) => <VoiceProblem error={failed().error} />}</Show>
      <Show when={model.listProblem()}>{(error) => <VoiceProblem error={error()} />}</Show>
      <Show
        when={ids().length > 0}
        fallback={<p class={styles.empty}>{model.isLoaded() ? words().saved.empty : words().saved.loading}</p>}
      >
        <ul class={styles.voices}>
          <For each={ids()}>
            {(id) => (
              <Show when={itemOf(id)}>
                {(item) => <SavedVoiceCard item={item()} model={model} attempt={attempt} />}
              </Show>
            )}
          </For>
        </ul>
      </Show>
      <div class={styles.actions}>
        <Button icon="file" onClick={() => input?.click()}>
          {words().saved.import}
        </Button>
        <input
          ref={input}
          type="file"
          accept=".giong-voice"
          aria-label={words().saved.import}
          hidden
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            event.currentTarget.value = '';
            if (file) void importFile(file);
          }}
        />
        <span class={styles.soft}>{words().saved.importHint}</span>
      </div>
    </section>
  );
}
