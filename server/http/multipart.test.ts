import { describe, expect, test } from 'bun:test';
import { InputError, UnavailableError } from '#core/errors.ts';
import { cleanFileName, type FormRules, receiveForm } from './multipart.ts';

interface Kept {
  readonly field: string;
  readonly name: string;
  readonly text: string;
}

/** Receives a form with the fields `source` and `reference`, files of 1000 bytes at most; tells what was thrown away. */
async function receive(request: Request, rules: Partial<FormRules<Kept>> = {}) {
  const discarded: Kept[] = [];
  const outcome = receiveForm<Kept>(
    request,
    {
      fileFields: { source: 1, reference: 2 },
      maxFileBytes: 1000,
      async storeFile(content, name, field) {
        const chunks: Uint8Array[] = [];
        for await (const chunk of content) chunks.push(chunk);
        return { field, name, text: Buffer.concat(chunks).toString() };
      },
      ...rules,
    },
    async (kept) => void discarded.push(kept),
  );
  const [settled] = await Promise.allSettled([outcome]);
  return { settled, discarded };
}

function form(parts: Record<string, string | File>): Request {
  const data = new FormData();
  for (const [name, value] of Object.entries(parts)) data.append(name, value);
  return new Request('http://test/', { method: 'POST', body: data });
}

function raw(body: string | ReadableStream<Uint8Array>): Request {
  const headers = { 'Content-Type': 'multipart/form-data; boundary=x' };
  return new Request('http://test/', { method: 'POST', body, headers });
}

const refused = (code: string) => ({ status: 'rejected', reason: expect.objectContaining({ code }) });

describe('multipart form', () => {
  test('gives fields and files, with names in any script', async () => {
    const request = form({
      source: new File(['abc'], 'Bài hát.wav'),
      strength: '0.5',
      reference: new File(['def'], 'b.wav'),
    });
    const { settled } = await receive(request);
    expect(settled).toEqual({
      status: 'fulfilled',
      value: {
        fields: { strength: '0.5' },
        files: {
          source: [{ field: 'source', name: 'Bài hát.wav', text: 'abc' }],
          reference: [{ field: 'reference', name: 'b.wav', text: 'def' }],
        },
      },
    });
  });

  test('a field that may hold several files gives them in their order, and no more than it may', async () => {
    const data = new FormData();
    for (const text of ['one', 'two']) data.append('reference', new File([text], `${text}.wav`));
    const { settled } = await receive(new Request('http://test/', { method: 'POST', body: data }));
    expect(settled).toMatchObject({ value: { files: { reference: [{ text: 'one' }, { text: 'two' }] } } });

    data.append('reference', new File(['three'], 'three.wav'));
    const tooMany = await receive(new Request('http://test/', { method: 'POST', body: data }));
    expect(tooMany.settled).toMatchObject(refused('request-invalid'));
    expect(tooMany.discarded.length).toBeLessThanOrEqual(2);
  });

  test('a file of just the limit passes, one byte more does not', async () => {
    const sized = (bytes: number) => form({ source: new File(['x'.repeat(bytes)], 'a.wav') });
    expect((await receive(sized(1000))).settled).toMatchObject({ status: 'fulfilled' });
    expect((await receive(sized(1001))).settled).toMatchObject(refused('audio-too-large'));
  });

  test('when one file fails, the other is thrown away', async () => {
    const request = form({ source: new File(['good'], 'a.wav'), reference: new File(['x'.repeat(2000)], 'b.wav') });
    const { settled, discarded } = await receive(request);
    expect(settled).toMatchObject(refused('audio-too-large'));
    expect(discarded).toEqual([{ field: 'source', name: 'a.wav', text: 'good' }]);
  });

  test('a failure of the store is told as it is, before the rest of the form has come', async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        const head = '--x\r\nContent-Disposition: form-data; name="source"; filename="a.wav"\r\n\r\n';
        controller.enqueue(new TextEncoder().encode(sent++ === 0 ? head : 'more and more'));
      },
    });
    const { settled } = await receive(raw(endless), {
      maxFileBytes: Number.POSITIVE_INFINITY,
      storeFile: async () => {
        throw new UnavailableError('storage-full');
      },
    });
    expect(settled).toMatchObject(refused('storage-full'));
  });

  test('a refusal is told also when the form breaks off before it', async () => {
    const brokenOff = Promise.withResolvers<void>();
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        const head = '--x\r\nContent-Disposition: form-data; name="source"; filename="a.wav"\r\n\r\n';
        controller.enqueue(new TextEncoder().encode(sent++ === 0 ? head : 'more and more'));
      },
      cancel: () => brokenOff.resolve(),
    });
    const { settled } = await receive(raw(endless), {
      maxFileBytes: Number.POSITIVE_INFINITY,
      storeFile: async (content) => {
        for await (const _ of content) break;
        await brokenOff.promise;
        throw new UnavailableError('quota-exceeded');
      },
    });
    expect(settled).toMatchObject(refused('quota-exceeded'));
  });

  test.each([
    ['a body that is no form', new Request('http://test/', { method: 'POST', body: 'hello' })],
    ['no body', new Request('http://test/', { method: 'POST' })],
    ['a file in a field of another name', form({ other: new File(['x'], 'a.wav') })],
    ['no parts at all, only noise', raw('noise')],
    ['a form that breaks off in its head', raw('--x\r\nContent-Dis')],
    [
      'a form that breaks off within a file',
      raw('--x\r\nContent-Disposition: form-data; name="source"; filename="a"\r\n\r\nabc'),
    ],
    [
      'a field that comes twice',
      raw(
        '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n2\r\n--x--\r\n',
      ),
    ],
    [
      'a file that comes twice',
      raw(
        '--x\r\nContent-Disposition: form-data; name="source"; filename="a"\r\n\r\n1\r\n--x\r\nContent-Disposition: form-data; name="source"; filename="a"\r\n\r\n2\r\n--x--\r\n',
      ),
    ],
    ['a field beyond reason', form({ strength: '1'.repeat(5000) })],
  ])('refuses %s', async (_, request) => {
    expect((await receive(request)).settled).toMatchObject(refused('request-invalid'));
  });

  test('a connection that is cut leaves nothing', async () => {
    let chunks = 0;
    const cut = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (chunks++ > 2) controller.error(new Error('connection reset'));
        else if (chunks === 1) {
          const head = '--x\r\nContent-Disposition: form-data; name="source"; filename="a.wav"\r\n\r\n';
          controller.enqueue(new TextEncoder().encode(head));
        } else controller.enqueue(new TextEncoder().encode('part'));
      },
    });
    const { settled } = await receive(raw(cut));
    expect(settled).toMatchObject({ status: 'rejected', reason: expect.any(InputError) });
  });
});

describe('file name to show', () => {
  test.each([
    ['a.wav', 'a.wav'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\me\\giọng.mp3', 'giọng.mp3'],
    ['a\u0000\u202Eb.wav', 'ab.wav'],
    ['', 'audio'],
    [undefined, 'audio'],
    ['é'.repeat(300), 'é'.repeat(200)],
  ])('%p becomes %p', (name, clean) => {
    expect(cleanFileName(name)).toBe(clean);
  });
});
