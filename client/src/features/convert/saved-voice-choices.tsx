import { createSignal, For, type JSX, onMount, Show } from 'solid-js';
import { useApp } from '../../app-context.ts';
import { Notice } from '../../components/notice.tsx';
import { language, t } from '../../i18n/index.ts';
import type { Recording } from '../../kernel/recording.ts';
import { problemText } from '../shared/problem-text.ts';
import type { VoiceItem } from '../voices/voice-item.ts';
import { savedVoiceWords } from './saved-voice-words.ts';
import styles from './voice-card.module.css';

/** Which voice is chosen. */
export interface VoiceChoice {
  readonly voice: () => Recording;
  chooseVoice(recording: Recording): void;
}

/**
 * The saved voices, of the server and of this device, as choices of a radio group. `engine`: what they are chosen for; `preview`: what
 * stands before each name.
 */
export function SavedVoiceChoices(props: {
  readonly model: VoiceChoice;
  readonly group: string;
  readonly engine: string;
  readonly preview?: (item: VoiceItem) => JSX.Element;
}) {
  const { voices } = useApp();
  let lastAsked: string | undefined;
  const [problem, setProblem] = createSignal<{ readonly error: unknown }>();
  onMount(() => void voices.refresh());

  const isChosen = (item: VoiceItem) => {
    const voice = props.model.voice();
    return voice.kind === 'voice' && (voice.serverId ?? voice.deviceId) === item.id;
  };
  /** The voice that is chosen, where the lists do not have it: one of an earlier conversion, or of a server that is away. */
  const unlisted = () => {
    const voice = props.model.voice();
    if (voice.kind !== 'voice' || !voices.isLoaded() || voices.items().some(isChosen)) return undefined;
    return voice;
  };
  const serves = ({ engines }: VoiceItem) => engines?.includes(props.engine) !== false;
  async function choose(item: VoiceItem): Promise<void> {
    setProblem(undefined);
    lastAsked = item.id;
    try {
      const choice = await voices.choiceOf(item);
      // Another one may have been chosen while this one's profile came.
      if (lastAsked === item.id) props.model.chooseVoice(choice);
    } catch (error) {
      setProblem({ error });
    }
  }

  return (
    <>
      <For each={voices.items()}>
        {(item) => (
          <div class={styles.voice}>
            {props.preview?.(item)}
            <label class={styles.label}>
              <input
                class="visually-hidden"
                type="radio"
                name={props.group}
                checked={isChosen(item)}
                disabled={!serves(item) && !isChosen(item)}
                onChange={() => void choose(item)}
              />
              <span class={styles.name}>{item.name}</span>
              <span class={styles.detail}>
                {serves(item)
                  ? savedVoiceWords[language()].places[item.place]
                  : savedVoiceWords[language()].otherEngine}
              </span>
            </label>
          </div>
        )}
      </For>
      <Show when={unlisted()}>
        {(voice) => (
          <div class={styles.voice}>
            <label class={styles.label}>
              <input class="visually-hidden" type="radio" name={props.group} checked />
              <span class={styles.name}>{voice().name}</span>
              <span class={styles.detail}>{savedVoiceWords[language()].unlisted}</span>
            </label>
          </div>
        )}
      </Show>
      <Show when={problem()}>
        {(failed) => (
          <Notice kind="problem" title={problemText(failed().error, t(), language()).title}>
            {problemText(failed().error, t(), language()).advice}
          </Notice>
        )}
      </Show>
    </>
  );
}
