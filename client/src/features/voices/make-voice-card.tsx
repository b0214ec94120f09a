import { createSignal, For, Show } from 'solid-js';
import { Button } from '../../components/button.tsx';
import { Notice } from '../../components/notice.tsx';
import { Segmented } from '../../components/segmented.tsx';
import { language, t } from '../../i18n/index.ts';
import type { Language } from '../../i18n/language.ts';
import type { Recording } from '../../kernel/recording.ts';
import cards from '../shared/cards.module.css';
import { DropZone } from '../shared/drop-zone.tsx';
import { FileButton } from '../shared/file-input.tsx';
import { Recorder } from '../shared/recorder.tsx';
import { unfinishedWords } from '../shared/unfinished-words.ts';
import type { NewVoice } from './new-voice.ts';
import { SampleRow } from './sample-row.tsx';
import { SpeechNeeded } from './speech-needed.tsx';
import { VoiceEngines } from './voice-engines.tsx';
import { VoiceProblem } from './voice-problem.tsx';
import styles from './voices-page.module.css';
import { textsToRead, words } from './words.ts';

/** Makes a voice of one to ten samples. */
export function MakeVoiceCard(props: { readonly draft: NewVoice; readonly onSaved: (name: string) => void }) {
  const { draft } = props;
  const [recording, setRecording] = createSignal(false);
  const [textLanguage, setTextLanguage] = createSignal<Language>(language());
  const isSaving = () => draft.saving() === 'saving';
  const failure = () => {
    const saving = draft.saving();
    return typeof saving === 'object' ? saving : undefined;
  };
  const addAll = (recordings: readonly Recording[]) => {
    for (const recording of recordings) void draft.add(recording);
  };
  async function save(): Promise<void> {
    const name = draft.name().trim();
    if (await draft.save()) props.onSaved(name);
  }

  return (
    <DropZone label={words().make.title} class={cards.card} onFile={draft.add} onSeveral={addAll}>
      <header class={cards.header}>
        <h2>{words().make.title}</h2>
        <p>{words().make.hint}</p>
      </header>
      <div class={styles.reading}>
        <div class={styles.readingHead}>
          <h3>{words().make.readAloud}</h3>
          <Segmented
            label={words().make.textLanguage}
            labelHidden
            choices={[
              { value: 'vi', label: 'Tiếng Việt' },
              { value: 'en', label: 'English' },
            ]}
            value={textLanguage()}
            onChange={setTextLanguage}
          />
        </div>
        <p lang={textLanguage()}>{textsToRead[textLanguage()]}</p>
      </div>
      <Show when={draft.samples().length > 0}>
        <ul class={styles.samples} aria-label={words().make.samples}>
          <For each={draft.samples()}>
            {(sample) => <SampleRow sample={sample} onRemove={() => draft.removeSample(sample.recording)} />}
          </For>
        </ul>
        <SpeechNeeded draft={draft} />
        <Show when={draft.lostCount() > 0}>
          <Notice kind="remark">{unfinishedWords().lost(draft.lostCount())}</Notice>
        </Show>
      </Show>
      <Show when={!draft.isFull()} fallback={<p class={styles.soft}>{words().make.full}</p>}>
        <Show
          when={!recording()}
          fallback={
            <Recorder
              onRecorded={(recorded) => {
                setRecording(false);
                void draft.add(recorded);
              }}
              onDiscard={() => setRecording(false)}
            />
          }
        >
          <div class={styles.actions}>
            <Button icon="microphone" onClick={() => setRecording(true)}>
              {t().source.record}
            </Button>
            <FileButton label={t().source.pick} onPick={draft.add} onSeveral={addAll} />
          </div>
        </Show>
      </Show>
      <label class={styles.field}>
        <span>{words().make.name}</span>
        <input
          class={styles.input}
          maxLength={100}
          placeholder={words().make.namePlaceholder}
          value={draft.name()}
          onInput={(event) => draft.setName(event.currentTarget.value)}
        />
      </label>
      <Segmented
        label={words().make.keepAt}
        choices={[
          { value: 'server', label: words().places.server },
          { value: 'device', label: words().places.device },
        ]}
        value={draft.place()}
        onChange={draft.setPlace}
      />
      <VoiceEngines draft={draft} />
      <label class={styles.consent}>
        <input
          type="checkbox"
          checked={draft.consent()}
          onChange={(event) => draft.setConsent(event.currentTarget.checked)}
        />
        <span>{words().make.consent}</span>
      </label>
      <Show when={failure()}>
        {(failed) => (
          <>
            <VoiceProblem error={failed().error} />
            <p class={styles.soft}>{words().make.notLost}</p>
          </>
        )}
      </Show>
      <div class={styles.save}>
        <Button
          look="primary"
          size="large"
          disabled={isSaving() || draft.missing() !== undefined}
          onClick={() => void save()}
        >
          {isSaving() ? words().make.saving : words().make.save}
        </Button>
        <Show when={!isSaving() && draft.missing()}>
          {(missing) => <span class={styles.soft}>{words().make.missing[missing()]}</span>}
        </Show>
      </div>
    </DropZone>
  );
}
