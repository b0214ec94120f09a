import { Show } from 'solid-js';
import { optionBounds } from '#core/options.ts';
import { Segmented } from '../../components/segmented.tsx';
import { Slider } from '../../components/slider.tsx';
import { formatSigned } from '../../i18n/format.ts';
import { language } from '../../i18n/index.ts';

/** The pitch of the voice, of the source, or the source's moved by so many semitones. */
type Pitch = 'auto' | 'keep' | number;

interface PitchWords {
  readonly pitch: string;
  readonly pitchAuto: string;
  readonly pitchKeep: string;
  readonly pitchShift: string;
  readonly pitchShiftBy: string;
  readonly semitones: (value: string) => string;
}

/** Chooses the pitch of a conversion; each screen has its own words for it. */
export function PitchPicker(props: {
  readonly words: PitchWords;
  readonly pitch: Pitch;
  readonly onChange: (pitch: Pitch) => void;
}) {
  const kind = () => (typeof props.pitch === 'number' ? 'shift' : props.pitch);
  const shift = () => (typeof props.pitch === 'number' ? props.pitch : 0);
  return (
    <>
      <Segmented
        label={props.words.pitch}
        choices={[
          { value: 'auto', label: props.words.pitchAuto },
          { value: 'keep', label: props.words.pitchKeep },
          { value: 'shift', label: props.words.pitchShift },
        ]}
        value={kind()}
        onChange={(next) => props.onChange(next === 'shift' ? 0 : next)}
      />
      <Show when={kind() === 'shift'}>
        <Slider
          label={props.words.pitchShiftBy}
          value={shift()}
          minimum={optionBounds.pitchSemitones.minimum}
          maximum={optionBounds.pitchSemitones.maximum}
          step={0.5}
          valueText={props.words.semitones(formatSigned(shift(), language()))}
          onInput={props.onChange}
        />
      </Show>
    </>
  );
}
