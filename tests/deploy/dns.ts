/** A DNS server on 127.0.0.1 that gives every name the same IPv4 addresses, which a test may change. */
export async function startDns(first: readonly string[]) {
  let addresses = first;
  const socket = await Bun.udpSocket({
    hostname: '127.0.0.1',
    socket: {
      data(self, query, port, address) {
        self.send(answer(query, addresses), port, address);
      },
    },
  });
  return {
    port: socket.port,
    setAddresses(next: readonly string[]) {
      addresses = next;
    },
    [Symbol.dispose]: () => socket.close(),
  };
}

const typeA = 1;

/** RFC 1035: the question comes back, with an A record for each address that points at its name. Other types have no records. */
function answer(query: Uint8Array, addresses: readonly string[]): Uint8Array {
  let end = 12;
  while (query[end] !== 0) end += 1 + (query[end] ?? 0);
  const question = query.subarray(12, end + 5);
  const records = question.at(-3) === typeA ? addresses : [];
  const header = [query[0] ?? 0, query[1] ?? 0, 0x81, 0x80, 0, 1, 0, records.length, 0, 0, 0, 0];
  const timeToLive = [0, 0, 0, 1];
  const body = records.flatMap((address) => [
    ...[0xc0, 12, 0, typeA, 0, 1, ...timeToLive, 0, 4],
    ...address.split('.').map(Number),
  ]);
  return Uint8Array.from([...header, ...question, ...body]);
}
