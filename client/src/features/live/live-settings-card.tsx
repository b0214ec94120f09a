import { createUniqueId, Show } from 'solid-js';
import { optionBounds } from '#core/options.ts';
import { useApp } from '../../app-context.ts';
import { Select } from '../../components/select.tsx';
import { ShareSlider } from '../../components/share-slider.tsx';
import type { AudioDevice } from '../../kernel/live/devices.ts';
import { SampleVoiceChoices } from '../convert/sample-voice-choices.tsx';
import { SavedVoiceChoices } from '../convert/saved-voice-choices.tsx';
import voiceStyles from '../convert/voice-card.module.css';
import cards from '../shared/cards.module.css';
import { PitchPicker } from '../shared/pitch-picker.tsx';
import { TryVoiceButton } from '../voices/try-voice-button.tsx';
import { type LiveModel, liveEngine } from './live-model.ts';
import styles from './live-page.module.css';
import { words } from './words.ts';

/** Voice, options and devices; all may be changed while it goes on. */
export function LiveSettingsCard(props: { readonly model: LiveModel }) {
  const { model } = props;
  const { voices } = useApp();
  const group = createUniqueId();
  return (
    <section class={cards.card} aria-label={words().settings}>
      <fieldset>
        <legend class={styles.legend}>{words().voice}</legend>
        <div class={voiceStyles.voices}>
          <SampleVoiceChoices model={model} group={group} />
          <SavedVoiceChoices
            model={model}
            group={group}
            engine={liveEngine}
            // A sample sentence takes as much computing as the conversion that goes on.
            preview={(item) => (
              <Show when={model.state() === 'off'}>
                <TryVoiceButton item={item} model={voices} />
              </Show>
            )}
          />
        </div>
      </fieldset>
      <ShareSlider
        label={words().strength}
        value={model.settings.strength}
        {...optionBounds.strength}
        onInput={(strength) => model.change({ strength })}
      />
      <ShareSlider
        label={words().mix}
        hint={words().mixHint}
        value={1 - model.settings.wet}
        minimum={0}
        maximum={1}
        onInput={(share) => model.change({ wet: 1 - share })}
      />
      <PitchPicker words={words()} pitch={model.settings.pitch} onChange={(pitch) => model.change({ pitch })} />
      <div class={styles.devices}>
        <Devices
          label={words().microphone}
          devices={model.devices().inputs}
          value={model.chosen.input}
          onChange={(input) => void model.chooseDevice({ input })}
        />
        <Devices
          label={words().loudspeaker}
          devices={model.devices().outputs}
          value={model.chosen.output}
          onChange={(output) => void model.chooseDevice({ output })}
        />
      </div>
    </section>
  );
}

function Devices(props: {
  readonly label: string;
  readonly devices: readonly AudioDevice[];
  readonly value: string;
  readonly onChange: (id: string) => void;
}) {
  const choices = () => [
    { value: '', label: words().systemDevice },
    ...props.devices.filter(({ id }) => id !== 'default').map(({ id, label }) => ({ value: id, label })),
  ];
  return <Select label={props.label} choices={choices()} value={props.value} onChange={props.onChange} />;
}
