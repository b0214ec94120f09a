import { expect, test } from 'bun:test';
import { formatTable } from './table.ts';

test('names stand left, numbers right, under a rule', () => {
  const table = formatTable(['pair', 'secs'], [['a', '0.812'], null, ['mean', '1']]);
  expect(table.split('\n')).toEqual(['pair   secs', '────  ─────', 'a     0.812', '────  ─────', 'mean      1']);
});
