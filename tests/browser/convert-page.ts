import type { Page } from 'playwright-core';

/** What a person sees and does on the page "Chuyển giọng", in Vietnamese. */
export function onConvertPage(page: Page) {
  const problem = page.getByRole('alert');
  const result = page.getByRole('region', { name: 'Kết quả' });
  return {
    source: page.getByRole('region', { name: 'Bản ghi nguồn' }),
    voice: page.getByRole('region', { name: 'Giọng muốn có' }),
    result,
    convertButton: page.getByRole('button', { name: /^Chuyển (giọng|lại)$/ }),
    problem,
    progressBar: page.getByRole('progressbar', { name: 'Tiến độ' }),

    choosePlace: (place: 'Tự động' | 'Trên máy này' | 'Máy chủ') =>
      page.getByRole('group', { name: 'Nơi chạy' }).getByText(place, { exact: true }).click(),

    /** Waits until the page says this of where it would convert. */
    placeIs: (explanation: string) => page.getByText(explanation).waitFor(),

    /** Waits until a result of that place is shown; fails with the page's words when a problem is shown instead. */
    async resultFrom(place: 'Chạy trên máy này' | 'Chạy trên máy chủ'): Promise<void> {
      const facts = result.getByText(`${place} ·`);
      await facts.or(problem).first().waitFor();
      if (!(await facts.isVisible())) throw new Error(`the page says: ${await problem.first().textContent()}`);
    },

    /** Takes the result away as a person would; its file name and bytes. */
    async download(): Promise<{ name: string; bytes: Uint8Array }> {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        result.getByRole('link', { name: 'Tải về' }).click(),
      ]);
      return { name: download.suggestedFilename(), bytes: await Bun.file(await download.path()).bytes() };
    },
  };
}
