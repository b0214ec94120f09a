import { Segmented } from '../../components/segmented.tsx';
import { formatDuration } from '../../i18n/format.ts';
import { language, t } from '../../i18n/index.ts';
import type { ConvertModel } from './convert-model.ts';
import styles from './place-picker.module.css';
import { placePreferences } from './preference.ts';

/** Where the conversion runs, why there, and what that means for the recording. */
export function PlacePicker(props: { readonly model: ConvertModel }) {
  const { model } = props;
  const explanation = () => {
    const { place, reason, estimateSeconds } = model.choice();
    const words = t().place;
    return [
      words.reasons[reason],
      place === 'browser' ? words.browserExplained : words.serverExplained,
      place === 'browser' && model.mustLoadEngine() ? words.firstTime : '',
      estimateSeconds === undefined ? '' : words.estimate(formatDuration(estimateSeconds, language())),
    ]
      .filter((sentence) => sentence !== '')
      .join(' ');
  };
  return (
    <div class={styles.picker}>
      <Segmented
        label={t().place.title}
        choices={placePreferences.map((value) => ({ value, label: t().place[value] }))}
        value={model.preference()}
        onChange={model.prefer}
        disabled={model.run().phase === 'running'}
      />
      <p class={styles.explanation}>{explanation()}</p>
    </div>
  );
}
