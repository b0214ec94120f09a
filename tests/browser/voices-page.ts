import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { projectRoot } from './harness.ts';

const sample = (name: string) => join(projectRoot, 'samples/voices', name);

/** What a person sees and does on the page "Giọng", in Vietnamese. */
export function onVoicesPage(page: Page) {
  const make = page.getByRole('region', { name: 'Tạo giọng mới' });
  const saved = page.getByRole('region', { name: 'Giọng đã lưu' });
  return {
    make,
    saved,
    open: () => page.getByRole('link', { name: 'Giọng', exact: true }).click(),
    saveButton: make.getByRole('button', { name: 'Lưu giọng' }),
    addSamples: (...names: string[]) => make.locator('input[type=file]').setInputFiles(names.map(sample)),
    async fill(name: string, place: 'Máy chủ' | 'Máy này') {
      await make.getByLabel('Tên giọng').fill(name);
      await make.getByRole('group', { name: 'Nơi lưu' }).getByText(place).click();
      await make.getByRole('checkbox').check();
    },
    voiceNamed: (name: string) => saved.getByRole('listitem').filter({ hasText: name }),
  };
}
