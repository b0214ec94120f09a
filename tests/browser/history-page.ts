import type { Page } from 'playwright-core';

/** What a person sees and does on the page "Lịch sử", in Vietnamese. */
export function onHistoryPage(page: Page) {
  const rows = page.getByRole('list', { name: 'Các lần chuyển giọng' }).getByRole('listitem');
  return {
    rows,
    row: (text: string | RegExp) => rows.filter({ hasText: text }),
    empty: page.getByRole('heading', { name: 'Chưa có lần chuyển giọng nào' }),
    filters: page.getByRole('search', { name: 'Lọc danh sách' }),

    async open(): Promise<void> {
      await page.getByRole('navigation', { name: 'Các trang' }).getByRole('link', { name: 'Lịch sử' }).click();
      await page.getByRole('heading', { name: 'Lịch sử', level: 1 }).waitFor();
    },

    /** Takes the result of the one row with this text away; its file name and bytes. */
    async download(text: string | RegExp): Promise<{ name: string; bytes: Uint8Array }> {
      const button = rows
        .filter({ hasText: text })
        .getByRole('link', { name: /^Tải về/ })
        .or(rows.filter({ hasText: text }).getByRole('button', { name: /^Tải về/ }));
      const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
      return { name: download.suggestedFilename(), bytes: await Bun.file(await download.path()).bytes() };
    },
  };
}
