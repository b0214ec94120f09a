/** What the scorer measures, in the order of the table. README.md says what each figure means. */
export const figures = {
  secs: { better: 'higher', digits: 3 },
  cam: { better: 'higher', digits: 3 },
  secs_src: { better: 'lower', digits: 3 },
  ovrl: { better: 'higher', digits: 2 },
  sig: { better: 'higher', digits: 2 },
  bak: { better: 'higher', digits: 2 },
  per: { better: 'lower', digits: 3 },
  f0_corr: { better: 'higher', digits: 3 },
  drop: { better: 'lower', digits: 3 },
  length_ratio: { better: 'neither', digits: 3 },
} as const satisfies Record<string, { better: 'higher' | 'lower' | 'neither'; digits: number }>;

export type FigureName = keyof typeof figures;
export const figureNames = Object.keys(figures) as FigureName[];

/** Figures of one row or of a summary; one is missing where it cannot be measured, such as phones of another language. */
export type Figures = Readonly<Partial<Record<FigureName, number>>>;

/** Mean of each figure over the rows that have it. */
export function mean(rows: readonly Figures[]): Figures {
  return summarise(rows, (values) => values.reduce((sum, value) => sum + value, 0) / values.length);
}

/** The worst value of each figure, which may come from different rows. */
export function worst(rows: readonly Figures[]): Figures {
  return summarise(rows, (values, name) => {
    const { better } = figures[name];
    if (better === 'higher') return Math.min(...values);
    if (better === 'lower') return Math.max(...values);
    return values.reduce((far, value) => (Math.abs(value - 1) > Math.abs(far - 1) ? value : far));
  });
}

/** `figure − other` where both are known. */
export function difference(one: Figures, other: Figures): Figures {
  return collect((name) => {
    const [a, b] = [one[name], other[name]];
    return a === undefined || b === undefined ? undefined : a - b;
  });
}

/**
 * How far `value` misses `target`, as a share of the target: 0.02 is 2 % worse, negative is better.
 * Of a `drop` (a share of frames near 0, where a ratio says nothing) the plain difference.
 */
export function shortfall(name: FigureName, value: number, target: number): number {
  const distance = figures[name].better === 'lower' ? value - target : target - value;
  return name === 'drop' ? distance : distance / target;
}

function summarise(rows: readonly Figures[], reduce: (values: number[], name: FigureName) => number): Figures {
  return collect((name) => {
    const values = rows.map((row) => row[name]).filter((value) => value !== undefined);
    return values.length > 0 ? reduce(values, name) : undefined;
  });
}

function collect(value: (name: FigureName) => number | undefined): Figures {
  const entries = figureNames.map((name) => [name, value(name)] as const).filter(([, found]) => found !== undefined);
  return Object.fromEntries(entries);
}
