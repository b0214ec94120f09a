/**
 * Lines of text in columns: the first is aligned left, the others right; the widest cell decides. A row `null` draws a rule.
 */
export function formatTable(header: readonly string[], rows: readonly (readonly string[] | null)[]): string {
  const filled = [header, ...rows.filter((row) => row !== null)];
  const widths = header.map((_, column) => Math.max(...filled.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]) =>
    widths
      .map((width, column) => (column === 0 ? (row[column] ?? '').padEnd(width) : (row[column] ?? '').padStart(width)))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return [line(header), rule, ...rows.map((row) => (row === null ? rule : line(row)))].join('\n');
}
