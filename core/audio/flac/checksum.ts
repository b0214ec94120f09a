/** Table of a CRC without reflection, whose polynomial has `bits` bits. */
function crcTable(polynomial: number, bits: number): Uint16Array {
  const top = 1 << (bits - 1);
  const mask = 2 ** bits - 1;
  return Uint16Array.from({ length: 256 }, (_, byte) => {
    let value = byte << (bits - 8);
    for (let i = 0; i < 8; i++) value = value & top ? ((value << 1) ^ polynomial) & mask : (value << 1) & mask;
    return value;
  });
}

const table8 = crcTable(0x07, 8);
const table16 = crcTable(0x8005, 16);

/** CRC-8 of a frame header. */
export function crc8(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = table8[crc ^ byte] ?? 0;
  return crc;
}

/** CRC-16 of a whole frame. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0;
  const { length } = bytes;
  for (let i = 0; i < length; i++) crc = ((crc << 8) & 0xffff) ^ (table16[(crc >> 8) ^ (bytes[i] ?? 0)] ?? 0);
  return crc;
}
