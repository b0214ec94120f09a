/** The one audio track of a container file: coded packets, in order, and what is needed to decode them. */
export interface PacketTrack {
  readonly codec: 'aac' | 'opus' | 'mp3' | 'vorbis';
  /** The codec's own header: AudioSpecificConfig, OpusHead, or Vorbis' three headers. Empty for MP3. */
  readonly config: Uint8Array;
  readonly packets: PacketTable;
  /** Rate and channels as the container tells them; the codec's header has the last word. */
  readonly sampleRate: number;
  readonly channels: number;
  /** Seconds of decoded sound to leave out at the beginning. */
  readonly skipSeconds: number;
  /** Seconds of the recording, where the container knows. */
  readonly seconds: number | undefined;
  /** Seconds of decoded sound to leave out at the end. */
  readonly discardSeconds: number;
  /** The file ends before its packets do. */
  readonly cut: boolean;
}

/** Places of packets in a file, without an object for each: an hour has two hundred thousand. */
export class PacketTable {
  private readonly offsets: number[] = [];
  private readonly lengths: number[] = [];
  private total = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get count(): number {
    return this.offsets.length;
  }

  /**
   * Adds a packet. One that reaches beyond the file is left out and false is returned; so is one that makes all packets together
   * larger than the file, which an index made to waste memory can claim.
   */
  add(offset: number, length: number): boolean {
    if (offset < 0 || length < 0 || offset + length > this.bytes.length) return false;
    this.total += Math.max(1, length);
    if (this.total > this.bytes.length) return false;
    this.offsets.push(offset);
    this.lengths.push(length);
    return true;
  }

  *[Symbol.iterator](): Generator<Uint8Array> {
    for (let i = 0; i < this.offsets.length; i++) {
      const offset = this.offsets[i] ?? 0;
      yield this.bytes.subarray(offset, offset + (this.lengths[i] ?? 0));
    }
  }
}
