import { basename } from 'node:path';
import { difference, type FigureName, type Figures, figureNames, figures, mean, shortfall, worst } from './figures.ts';
import type { ScoredConversion } from './scoring.ts';
import { formatTable } from './table.ts';

/** Means that the reference recipe reaches, by language, where they are known (`targets.json`). */
export type Targets = Readonly<Record<string, Figures>>;

/** Of one system: the mean of each language's rows, and the worst of all. */
export interface Summary {
  readonly means: Readonly<Record<string, Figures>>;
  readonly worst: Figures;
}

export function summarise(rows: readonly ScoredConversion[]): Summary {
  const byLanguage = Object.groupBy(rows, (row) => row.language);
  const means = Object.entries(byLanguage).map(([language, own = []]) => [
    language,
    mean(own.map((row) => row.figures)),
  ]);
  return { means: Object.fromEntries(means), worst: worst(rows.map((row) => row.figures)) };
}

/** Every row of one system, its means beside their targets, and the worst. */
export function systemTable(rows: readonly ScoredConversion[], targets: Targets): string {
  const { means, worst: worstFigures } = summarise(rows);
  return formatTable(
    [rows[0]?.system ?? '', ...figureNames],
    [
      ...rows.map((row) => [pairName(row), ...cells(row.figures)]),
      null,
      ...Object.entries(means).flatMap(([language, figures]) => summaryRows(language, figures, targets[language])),
      ['worst', ...cells(worstFigures)],
    ],
  );
}

/** What `rows` have more or less than `others`, pair by pair. */
export function differenceTable(rows: readonly ScoredConversion[], others: readonly ScoredConversion[]): string {
  const paired = rows.flatMap((row) => {
    const other = others.find(({ source, reference }) => source === row.source && reference === row.reference);
    return other ? [{ row, figures: difference(row.figures, other.figures) }] : [];
  });
  return formatTable(
    [`${rows[0]?.system} − ${others[0]?.system}`, ...figureNames],
    [
      ...paired.map(({ row, figures }) => [pairName(row), ...cells(figures, true)]),
      null,
      ['mean', ...cells(mean(paired.map(({ figures }) => figures)), true)],
    ],
  );
}

function summaryRows(language: string, figures: Figures, target: Figures | undefined): string[][] {
  const rows = [[`mean, ${language}`, ...cells(figures)]];
  if (target) {
    rows.push([`target, ${language}`, ...cells(target)]);
    rows.push([`better or worse`, ...figureNames.map((name) => advantage(name, figures[name], target[name]))]);
  }
  return rows;
}

/** How much better than the target, in per cent of it (`drop`: in points). */
function advantage(name: FigureName, value: number | undefined, target: number | undefined): string {
  if (value === undefined || target === undefined) return '';
  return `${signed(-100 * shortfall(name, value, target), 1)}${name === 'drop' ? ' pt' : ' %'}`;
}

function cells(row: Figures, withSign = false): string[] {
  return figureNames.map((name) => {
    const value = row[name];
    if (value === undefined) return '–';
    const { digits } = figures[name];
    return withSign ? signed(value, digits) : value.toFixed(digits);
  });
}

function signed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return text;
  return value > 0 ? `+${text}` : `−${text}`;
}

function pairName({ source, reference }: ScoredConversion): string {
  const name = (path: string) => basename(path).replace(/\.\w+$/, '');
  return `${name(source)} → ${name(reference)}`;
}
