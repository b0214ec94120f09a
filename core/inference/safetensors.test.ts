import { expect, test } from 'bun:test';
import { readSafetensors } from './safetensors.ts';

/** A file of the format, its values at an odd place. */
function fileOf(header: unknown, values: Uint8Array): Uint8Array {
  const json = new TextEncoder().encode(`${JSON.stringify(header)} `);
  const bytes = new Uint8Array(8 + json.length + values.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(values, 8 + json.length);
  return bytes;
}

const floats = Float32Array.of(1.5, -2, 3e-8);
// 1, −2, 65504 (the largest), 2⁻²⁴ (the smallest), −0, ∞
const halves = Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0001, 0x8000, 0x7c00);
const values = new Uint8Array([...new Uint8Array(floats.buffer), ...new Uint8Array(halves.buffer)]);
const header = {
  __metadata__: { format: 'pt' },
  a: { dtype: 'F32', shape: [3], data_offsets: [0, 12] },
  b: { dtype: 'F16', shape: [2, 3], data_offsets: [12, 24] },
};

test('values of 32 and of 16 bits, with their shape', () => {
  const weights = readSafetensors(fileOf(header, values));
  expect(weights.get('a')).toEqual({ dims: [3], data: floats });
  expect(weights.get('b')).toEqual({
    dims: [2, 3],
    data: Float32Array.of(1, -2, 65504, 2 ** -24, -0, Number.POSITIVE_INFINITY),
  });
});

test('says that a file is corrupt', () => {
  const corrupt = expect.objectContaining({ code: 'model-corrupt' });
  for (const bytes of [new Uint8Array(0), new Uint8Array(100).fill(255), fileOf(header, values).subarray(0, 40)]) {
    expect(() => readSafetensors(bytes)).toThrow(corrupt);
  }
  const cut = readSafetensors(fileOf(header, values.subarray(0, 20)));
  expect(cut.get('a').data).toEqual(floats);
  expect(() => cut.get('b')).toThrow(corrupt);
  expect(() => cut.get('c')).toThrow(corrupt);
  const other = { d: { dtype: 'I64', shape: [1], data_offsets: [0, 8] } };
  expect(() => readSafetensors(fileOf(other, values)).get('d')).toThrow(corrupt);
});
