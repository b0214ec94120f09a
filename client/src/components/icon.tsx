/** Shapes on a 24 × 24 grid, drawn with the text's colour. */
const paths = {
  play: 'M8 5.5v13l10.5-6.5z',
  pause: 'M8 5.5v13M16 5.5v13',
  stop: 'M7 7h10v10H7z',
  microphone: 'M12 3.5a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0v-5a3 3 0 0 1 3-3zM6 11.5a6 6 0 0 0 12 0M12 17.5v3M9 20.5h6',
  file: 'M12 15.5V5M8 8.5L12 4.5l4 4M5 14.5v4a1.5 1.5 0 0 0 1.5 1.5h11a1.5 1.5 0 0 0 1.5-1.5v-4',
  download: 'M12 4.5V15M8 11.5l4 4 4-4M5 15.5v3A1.5 1.5 0 0 0 6.5 20h11a1.5 1.5 0 0 0 1.5-1.5v-3',
  chevron: 'M7 10l5 5 5-5',
  arrow: 'M5 12h14M13 6l6 6-6 6',
  check: 'M5.5 12.5l4.5 4.5 8.5-9.5',
  alert: 'M12 8v5M12 16.2v.1M12 3.5l9 16H3z',
  retry: 'M19 12a7 7 0 1 1-2.2-5.1M19 4.5V8.5h-4',
  history: 'M5 12a7 7 0 1 0 2.2-5.1M5 4.5v4h4M12 8v4.5l3 1.8',
  voice: 'M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM4.5 20c.8-3.6 3.8-5.5 7.5-5.5s6.7 1.9 7.5 5.5',
  trash: 'M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7M10.5 10.5v5.5M13.5 10.5v5.5',
  bell: 'M6.5 16.5V11a5.5 5.5 0 0 1 11 0v5.5l1.5 1.5H5zM10 20.5h4',
  close: 'M6.5 6.5l11 11M17.5 6.5l-11 11',
  copy: 'M9 9h10.5v10.5H9zM15 9V4.5H4.5V15H9',
  key: 'M8 12a4 4 0 1 0 0 8a4 4 0 0 0 0-8zM11 13l8.5-8.5M16 8l2.5 2.5M13.2 10.8l1.8 1.8',
  chart: 'M4 19.5h16M7 16v-4M12 16V5.5M17 16V9',
} as const;

const filled: ReadonlySet<string> = new Set(['play', 'stop']);

export type IconName = keyof typeof paths;

/** A decorative picture: what it stands for must be said in text or in a label. */
export function Icon(props: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      width={props.size ?? 20}
      height={props.size ?? 20}
      viewBox="0 0 24 24"
      fill={filled.has(props.name) ? 'currentColor' : 'none'}
      stroke="currentColor"
      stroke-width="1.8"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={paths[props.name]} />
    </svg>
  );
}
