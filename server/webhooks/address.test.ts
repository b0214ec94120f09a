import { describe, expect, test } from 'bun:test';
import { WebhookReceiver } from '../../tests/support/webhook-receiver.ts';
import { checkWebhookUrl, isPublicAddress } from './address.ts';
import { post } from './post.ts';

test.each(['8.8.8.8', '100.63.255.255', '172.32.0.1', '192.167.1.1', '223.255.255.255', '2606:4700:4700::1111'])(
  '%s is public',
  (address) => {
    expect(isPublicAddress(address)).toBe(true);
  },
);

test.each([
  ...[
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
  ],
  ...['192.168.0.1', '198.19.0.1', '224.0.0.1', '255.255.255.255', '::', '::1', 'fe80::1', 'fd00::1', 'ff02::1'],
  ...['::ffff:127.0.0.1', '::ffff:8.8.8.8', '64:ff9b::7f00:1', '2002:7f00:1::', '2001:0:1::', '', 'localhost'],
])('%p is not public', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

describe('a webhook’s address', () => {
  test.each([
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://0x7f.1:8080/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'http://localhost/',
    'http://a.localhost/',
    'http://169.254.169.254/latest/meta-data',
    'http://user:password@example.com/',
  ])('%s is refused', (url) => {
    expect(() => checkWebhookUrl(url, { webhookPrivate: false })).toThrow('webhook-refused');
  });

  test.each(['https://example.com/hook?x=1', 'http://203.0.114.7:8000/', 'https://[2606:4700::1]/'])(
    '%s is accepted',
    (url) => checkWebhookUrl(url, { webhookPrivate: false }),
  );

  test('of a private network is accepted where the operator allows it', () => {
    checkWebhookUrl('http://10.0.0.1/', { webhookPrivate: true });
    expect(() => checkWebhookUrl('http://u:p@10.0.0.1/', { webhookPrivate: true })).toThrow('webhook-refused');
  });
});

describe('what leads to this machine', () => {
  const request = (url: string, allowPrivate: boolean) =>
    post({ url, headers: {}, body: '{}', allowPrivate, signal: AbortSignal.timeout(5000) });

  test('is never reached, by address or by a name that resolves to it', async () => {
    using receiver = new WebhookReceiver();
    const secure = receiver.namedUrl.replace('http:', 'https:');
    for (const url of [receiver.url, receiver.namedUrl, secure]) {
      await expect(request(url, false)).rejects.toMatchObject({ code: 'webhook-refused' });
    }
    expect(receiver.received).toEqual([]);
  });

  test('is reached where the operator allows it', async () => {
    using receiver = new WebhookReceiver();
    expect(await request(receiver.url, true)).toBe(204);
    expect(await request(receiver.namedUrl, true)).toBe(204);
    expect(receiver.received.map(({ body }) => body)).toEqual(['{}', '{}']);
  });
});
