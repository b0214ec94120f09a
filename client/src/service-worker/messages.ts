/** Posted to a new version that waits: it shall replace the running one. */
export const takeOver = 'giong.take-over';
