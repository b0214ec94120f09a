const colours = 8;
/** With each round of colours another kind of line. */
const dashes: readonly (readonly number[])[] = [[], [7, 4], [2, 4], [10, 4, 2, 4]];

/** How the line of this index is drawn: the name of its colour in line-chart.module.css, and its dashes in pixels. */
export function lineLook(index: number): { readonly colour: string; readonly dash: readonly number[] } {
  return { colour: `--line-${(index % colours) + 1}`, dash: dashes[Math.floor(index / colours) % dashes.length] ?? [] };
}
