import { Show } from 'solid-js';
import { optionBounds } from '#core/options.ts';
import { ShareSlider } from '../../components/share-slider.tsx';
import { Slider } from '../../components/slider.tsx';
import { formatNumber, formatSigned } from '../../i18n/format.ts';
import { language, t } from '../../i18n/index.ts';
import type { ConvertModel } from '../convert/convert-model.ts';
import { fieldsOf } from '../convert/settings.ts';
import styles from './engines.module.css';
import { words } from './words.ts';

/** What the Seed-VC engines can be asked for, in plain words; those of the one that sings only with it. */
export default function SeedVcOptions(props: { readonly model: ConvertModel }) {
  const { model } = props;
  const own = () => words().seedVc;
  return (
    <>
      <Slider
        label={own().steps}
        hint={own().stepsHint}
        value={model.settings.diffusionSteps}
        {...optionBounds.diffusionSteps}
        step={1}
        valueText={String(model.settings.diffusionSteps)}
        onInput={(diffusionSteps) => model.change({ diffusionSteps })}
      />
      <ShareSlider
        label={own().cfg}
        hint={own().cfgHint}
        value={model.settings.inferenceCfgRate}
        {...optionBounds.inferenceCfgRate}
        onInput={(inferenceCfgRate) => model.change({ inferenceCfgRate })}
      />
      <Slider
        label={own().every}
        hint={own().everyHint}
        value={model.settings.guidanceEvery}
        {...optionBounds.guidanceEvery}
        step={1}
        valueText={own().everyValue(model.settings.guidanceEvery)}
        onInput={(guidanceEvery) => model.change({ guidanceEvery })}
      />
      <Slider
        label={own().length}
        hint={own().lengthHint}
        value={model.settings.lengthAdjust}
        {...optionBounds.lengthAdjust}
        step={0.05}
        valueText={`${formatNumber(model.settings.lengthAdjust, 2, language())}×`}
        onInput={(lengthAdjust) => model.change({ lengthAdjust })}
      />
      <Show when={fieldsOf(model.settings.engine).includes('semitoneShift')}>
        <label class={styles.check}>
          <input
            type="checkbox"
            checked={model.settings.autoF0Adjust}
            onChange={(event) => model.change({ autoF0Adjust: event.currentTarget.checked })}
          />
          <span>{own().autoPitch}</span>
        </label>
        <Slider
          label={own().shift}
          value={model.settings.semitoneShift}
          {...optionBounds.semitoneShift}
          step={1}
          valueText={t().options.semitones(formatSigned(model.settings.semitoneShift, language()))}
          onInput={(semitoneShift) => model.change({ semitoneShift })}
        />
      </Show>
      <Seed model={model} />
    </>
  );
}

function Seed(props: { readonly model: ConvertModel }) {
  const { minimum, maximum } = optionBounds.seed;
  return (
    <label class={styles.field}>
      <span class={styles.name}>{words().seedVc.seed}</span>
      <input
        type="number"
        inputmode="numeric"
        min={minimum}
        max={maximum}
        step={1}
        value={props.model.settings.seed}
        onChange={(event) => {
          const input = event.currentTarget;
          const seed = Math.round(input.valueAsNumber);
          if (seed >= minimum && seed <= maximum) props.model.change({ seed });
          input.value = String(props.model.settings.seed);
        }}
      />
      <span class={styles.soft}>{words().seedVc.seedHint}</span>
    </label>
  );
}
