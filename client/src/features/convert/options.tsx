import { For, lazy, Show, Suspense } from 'solid-js';
import { optionBounds } from '#core/options.ts';
import { useApp } from '../../app-context.ts';
import { Button } from '../../components/button.tsx';
import { ShareSlider } from '../../components/share-slider.tsx';
import { Slider } from '../../components/slider.tsx';
import { formatSigned } from '../../i18n/format.ts';
import { language, t } from '../../i18n/index.ts';
import { PitchPicker } from '../shared/pitch-picker.tsx';
import type { ConvertModel } from './convert-model.ts';
import styles from './options-panel.module.css';
import { changedCount, defaultSettings, outputFormats } from './settings.ts';

// Only who has more than one engine needs them.
const EnginePicker = lazy(() => import('../engines/engine-picker.tsx'));
const SeedVcOptions = lazy(() => import('../engines/seed-vc-options.tsx'));

/** What stands in the folded panel of options. */
export function Options(props: { readonly model: ConvertModel }) {
  const { model } = props;
  const { engines } = useApp();
  const words = () => t().options;
  const semitones = (value: number) => words().semitones(formatSigned(value, language()));
  const isMini = () => model.settings.engine === defaultSettings.engine;
  const hasChoice = () => engines.offered().length > 1 || !isMini();

  return (
    <div class={styles.options}>
      <Show when={hasChoice()}>
        <Suspense>
          <EnginePicker model={model} />
        </Suspense>
      </Show>
      <Show
        when={isMini()}
        fallback={
          <Suspense>
            <SeedVcOptions model={model} />
          </Suspense>
        }
      >
        <ShareSlider
          label={words().strength}
          hint={words().strengthHint}
          value={model.settings.strength}
          {...optionBounds.strength}
          onInput={(strength) => model.change({ strength })}
        />
        <Slider
          label={words().formant}
          hint={words().formantHint}
          value={model.settings.formant}
          {...optionBounds.formant}
          step={0.5}
          valueText={semitones(model.settings.formant)}
          onInput={(formant) => model.change({ formant })}
        />
      </Show>
      <ShareSlider
        label={words().noiseReduction}
        value={model.settings.noiseReduction}
        {...optionBounds.denoise}
        onInput={(noiseReduction) => model.change({ noiseReduction })}
      />
      <Show when={isMini()}>
        <div class={styles.pitch}>
          <PitchPicker words={words()} pitch={model.settings.pitch} onChange={(pitch) => model.change({ pitch })} />
        </div>
      </Show>
      <label class={styles.field}>
        <span>{words().format}</span>
        <select
          value={model.settings.format}
          onChange={(event) => {
            const format = outputFormats.find((known) => known === event.currentTarget.value);
            if (format) model.change({ format });
          }}
        >
          <For each={outputFormats}>{(format) => <option value={format}>{words().formats[format]}</option>}</For>
        </select>
      </label>
      <Show when={changedCount(model.settings) > 0}>
        <div class={styles.reset}>
          <Button look="quiet" icon="retry" onClick={model.resetSettings}>
            {words().reset}
          </Button>
        </div>
      </Show>
    </div>
  );
}
