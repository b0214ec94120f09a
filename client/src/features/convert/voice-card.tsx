import { createSignal, createUniqueId, Show } from 'solid-js';
import { Button } from '../../components/button.tsx';
import { classNames } from '../../components/class-names.ts';
import { language, t } from '../../i18n/index.ts';
import cards from '../shared/cards.module.css';
import { DropZone } from '../shared/drop-zone.tsx';
import { FileButton } from '../shared/file-input.tsx';
import { nameOf } from '../shared/names.ts';
import { ProblemNotice } from '../shared/problem-notice.tsx';
import { Recorder } from '../shared/recorder.tsx';
import { RecordingPlayer } from '../shared/recording-player.tsx';
import type { ConvertModel } from './convert-model.ts';
import { SampleVoiceChoices } from './sample-voice-choices.tsx';
import { SaveReference } from './save-reference.tsx';
import { SavedVoiceChoices } from './saved-voice-choices.tsx';
import styles from './voice-card.module.css';

/** Whose voice the result has: one of the sample voices, or a recording of one's own. */
export function VoiceCard(props: { readonly model: ConvertModel }) {
  const { model } = props;
  const group = createUniqueId();
  const [recording, setRecording] = createSignal(false);

  return (
    <DropZone label={t().voice.title} class={cards.card} onFile={model.chooseOwnVoice}>
      <header class={cards.header}>
        <h2>{t().voice.title}</h2>
        <p>{t().voice.hint}</p>
      </header>
      <fieldset>
        <legend class="visually-hidden">{t().voice.choose}</legend>
        <div class={styles.voices}>
          <SampleVoiceChoices model={model} group={group} />
          <SavedVoiceChoices model={model} group={group} engine={model.settings.engine} />
          <Show when={model.ownVoice()}>
            {(own) => (
              <div class={classNames(styles.voice, styles.ownVoice)}>
                <label class={styles.label}>
                  <input
                    class="visually-hidden"
                    type="radio"
                    name={group}
                    checked={model.voice() === own()}
                    onChange={() => model.chooseVoice(own())}
                  />
                  <span class={styles.name}>{nameOf(own(), language())}</span>
                  <span class={styles.detail}>{t().voice.ownName}</span>
                </label>
                <Show when={!model.voiceProblem()} fallback={<ProblemNotice error={model.voiceProblem()} />}>
                  <Show when={model.inspectedVoice()}>
                    {(inspected) => (
                      <RecordingPlayer
                        inspected={inspected()}
                        name={nameOf(own(), language())}
                        label={t().voice.ownName}
                        height={40}
                      />
                    )}
                  </Show>
                  <SaveReference recording={own()} />
                </Show>
              </div>
            )}
          </Show>
        </div>
      </fieldset>
      <div class={styles.own}>
        <Show
          when={!recording()}
          fallback={
            <Recorder
              onRecorded={(recorded) => {
                setRecording(false);
                model.chooseOwnVoice(recorded);
              }}
              onDiscard={() => setRecording(false)}
            />
          }
        >
          <div>
            <p class={styles.ownTitle}>{t().voice.own}</p>
            <p class={styles.ownHint}>
              {t().voice.ownHint} {t().voice.consent}
            </p>
          </div>
          <div class={styles.actions}>
            <FileButton label={model.ownVoice() ? t().voice.replace : t().source.pick} onPick={model.chooseOwnVoice} />
            <Button icon="microphone" onClick={() => setRecording(true)}>
              {t().source.record}
            </Button>
          </div>
        </Show>
      </div>
    </DropZone>
  );
}
