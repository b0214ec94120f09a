import type { ComponentProps } from 'solid-js';
import { formatPercent } from '../i18n/format.ts';
import { Slider } from './slider.tsx';

/** A share chosen like any other number, said in per cent. */
export function ShareSlider(props: Omit<ComponentProps<typeof Slider>, 'step' | 'valueText'>) {
  return <Slider {...props} step={0.05} valueText={formatPercent(props.value)} />;
}
