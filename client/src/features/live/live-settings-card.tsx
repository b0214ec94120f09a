import { optionBounds } from '#core/options.ts';
import { Select } from '../../components/select.tsx';
import { Slider } from '../../components/slider.tsx';
import { formatPercent } from '../../i18n/format.ts';
import { language } from '../../i18n/index.ts';
import type { AudioDevice } from '../../kernel/live/devices.ts';
import { sampleVoices } from '../../kernel/samples.ts';
import cards from '../shared/cards.module.css';
import { PitchPicker } from '../shared/pitch-picker.tsx';
import type { LiveModel } from './live-model.ts';
import styles from './live-page.module.css';
import { words } from './words.ts';

/** Voice, options and devices; all may be changed while it goes on. */
export function LiveSettingsCard(props: { readonly model: LiveModel }) {
  const { model } = props;
  const voices = () => sampleVoices.map((sample) => ({ value: sample.id, label: sample.name[language()] }));
  return (
    <section class={cards.card} aria-label={words().settings}>
      <Select
        label={words().voice}
        choices={voices()}
        value={model.voice().id}
        onChange={(id) => {
          const sample = sampleVoices.find((each) => each.id === id);
          if (sample) void model.chooseVoice(sample);
        }}
      />
      <Slider
        label={words().strength}
        value={model.settings.strength}
        minimum={optionBounds.strength.minimum}
        maximum={optionBounds.strength.maximum}
        step={0.05}
        valueText={formatPercent(model.settings.strength)}
        onInput={(strength) => model.change({ strength })}
      />
      <Slider
        label={words().mix}
        hint={words().mixHint}
        value={1 - model.settings.wet}
        minimum={0}
        maximum={1}
        step={0.05}
        valueText={formatPercent(1 - model.settings.wet)}
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
