import { Segmented } from '../../components/segmented.tsx';
import { Select } from '../../components/select.tsx';
import styles from './history-filters.module.css';
import type { HistoryModel } from './history-model.ts';
import { words } from './words.ts';

const statuses = ['all', 'unfinished', 'done', 'stopped'] as const;
const places = ['all', 'server', 'browser'] as const;

/** Narrows the list down by state, place and name. */
export function HistoryFilters(props: { readonly model: HistoryModel }) {
  const { model } = props;
  return (
    <search class={styles.filters} aria-label={words().filters}>
      <Segmented
        label={words().status}
        labelHidden
        choices={statuses.map((value) => ({ value, label: words().statuses[value] }))}
        value={model.filter().status}
        onChange={(status) => model.setFilter({ status })}
      />
      <Select
        label={words().place}
        labelHidden
        choices={places.map((value) => ({ value, label: words().places[value] }))}
        value={model.filter().place}
        onChange={(place) => model.setFilter({ place })}
      />
      <input
        type="search"
        class={styles.search}
        aria-label={words().search}
        placeholder={words().search}
        value={model.filter().text}
        onInput={(event) => model.setFilter({ text: event.currentTarget.value })}
      />
    </search>
  );
}
