import type { UploadControl } from './api-client.ts';

/** Sends one file as multipart and gives the answer; status 0 means that none came. */
export type UploadTransport = (
  url: string,
  file: Blob,
  name: string,
  headers: Readonly<Record<string, string>>,
  control: UploadControl,
) => Promise<{ readonly status: number; readonly body: string }>;

/** By `XMLHttpRequest`, because `fetch` does not tell how much of a body was sent. */
export const uploadByRequest: UploadTransport = (url, file, name, headers, { signal, onProgress }) =>
  new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    signal?.addEventListener('abort', abort, { once: true });
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress?.(event.loaded / event.total);
    };
    request.onabort = () => reject(signal?.reason);
    request.onerror = () => resolve({ status: 0, body: '' });
    request.onload = () => resolve({ status: request.status, body: request.responseText });
    request.onloadend = () => signal?.removeEventListener('abort', abort);
    request.open('POST', url);
    for (const [header, value] of Object.entries(headers)) request.setRequestHeader(header, value);
    const form = new FormData();
    form.append('file', file, name);
    request.send(form);
  });
