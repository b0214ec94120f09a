/** Where a file comes from, kept inside the file. All optional, any Unicode text. */
export interface AudioTags {
  readonly title?: string | undefined;
  readonly artist?: string | undefined;
  readonly comment?: string | undefined;
  /** `YYYY-MM-DD` or `YYYY`. */
  readonly date?: string | undefined;
}

/** The program that a file names as its maker. */
export const softwareName = 'Giọng';
