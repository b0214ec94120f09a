/** What is written for each format that users know, as on a server. */
export const fileFormats = { wav: 'wav16', flac: 'flac', mp3: 'mp3' } as const;
