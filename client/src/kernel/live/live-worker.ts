/** The thread that converts live: blocks of the microphone come in on a port of their own, one after the other. */
import { decodeAudio } from '#core/audio/decode.ts';
import { writeWav } from '#core/audio/wav-writer.ts';
import type { Engine, VoiceStream } from '#core/engines/engine.ts';
import { createMini } from '#core/engines/mini/engine.ts';
import { SampleQueue } from '#core/engines/mini/stream/queue.ts';
import { isVoice, parseVoice } from '#core/voice/serialize.ts';
import { failureOf } from '../local/failure.ts';
import { createBrowserHost } from '../local/host.ts';
import { Joint } from './joint.ts';
import type { LiveReply, LiveRequest, LiveSettings } from './protocol.ts';
import { SampleRing } from './ring.ts';

declare const self: {
  onmessage: ((event: { readonly data: LiveRequest }) => void) | null;
  postMessage(message: LiveReply, transfer?: Transferable[]): void;
};

/** Blocks that may wait; of more, silence comes out, lest the delay grow for ever. */
const MOST_WAITING = 4;
/** Blocks between two reports of the pace. */
const REPORT_BLOCKS = 16;
const WARM_BLOCKS = 6;

let engine: Engine | undefined;
let stream: VoiceStream | undefined;
let settings: LiveSettings | undefined;
/** The microphone, as late as the voice. */
let dry = new SampleQueue(0);
let put: (block: Float32Array<ArrayBuffer>) => void = () => {};
let recorded: Float32Array[] | undefined;
let waiting = 0;
let work: Promise<void> = Promise.resolve();
/** Bridges the edges of blocks that were left out, and of a change of voice: there the next block does not follow from the last. */
let joint: Joint | undefined;
let breaksOff = false;
const pace = { milliseconds: [] as number[], leftOut: 0 };

self.onmessage = ({ data: request }) => {
  if (request.type === 'open') next(() => open(request));
  else if (request.type === 'voice') next(() => changeVoice(request.reference));
  else if (request.type === 'configure') {
    settings = request.settings;
    stream?.configure(request.settings);
  } else if (request.type === 'record') recorded = [];
  else takeRecording();
};

/** One thing after the other. */
function next(task: () => Promise<void>): void {
  work = work.then(task).catch((error) => self.postMessage({ type: 'failed', failure: failureOf(error) }));
}

async function open({ reference, settings: first, sampleRate, audio, ring }: LiveRequest & { type: 'open' }) {
  settings = first;
  engine = await createMini(createBrowserHost());
  const opened = await openStream(engine, reference, first, sampleRate);
  await warmUp(opened);
  stream = opened;
  dry = new SampleQueue(opened.latencySamples);
  joint = new Joint(sampleRate);
  const shared = ring && new SampleRing(ring);
  put = shared ? (block) => shared.write(block) : (block) => audio.postMessage(block, [block.buffer]);
  audio.onmessage = ({ data }: MessageEvent<Float32Array>) => hear(data);
  const { blockSamples, latencySamples } = opened;
  self.postMessage({ type: 'ready', blockSamples, latencySamples });
}

async function openStream(by: Engine, reference: ArrayBuffer, options: LiveSettings, sampleRate: number) {
  const opened = by.openStream?.(await profileOf(by, new Uint8Array(reference)), options, sampleRate);
  if (!opened) throw new Error(`the engine ${by.id} does not convert live`);
  return opened;
}

async function profileOf(by: Engine, reference: Uint8Array) {
  return isVoice(reference) ? parseVoice(reference) : by.profile([(await decodeAudio(reference)).audio]);
}

/** The first blocks take longest, while code is compiled: not at the user's cost. */
async function warmUp(opened: VoiceStream): Promise<void> {
  for (let i = 0; i < WARM_BLOCKS; i++) await opened.push(new Float32Array(opened.blockSamples));
  opened.reset();
}

async function changeVoice(reference: ArrayBuffer): Promise<void> {
  if (!engine || !stream || !settings) return;
  const opened = await openStream(engine, reference, settings, stream.sampleRate);
  stream.close();
  stream = opened;
  breaksOff = true;
}

function hear(block: Float32Array): void {
  waiting++;
  next(async () => {
    // A conversion is all microtasks: without this, blocks that have come meanwhile would not be seen, however many they are.
    await pendingMessages();
    waiting--;
    await convert(block);
  });
}

const turn = new MessageChannel();

/** Resolves once messages that have come by now were heard. */
function pendingMessages(): Promise<void> {
  return new Promise((resolve) => {
    turn.port1.onmessage = () => resolve();
    turn.port2.postMessage(undefined);
  });
}

async function convert(block: Float32Array): Promise<void> {
  if (!stream || !settings) return;
  const began = performance.now();
  dry.add(block);
  const plain = dry.take(block.length);
  const isLate = waiting >= MOST_WAITING;
  const voice = isLate ? new Float32Array(block.length) : await stream.push(block);
  const { wet } = settings;
  for (let i = 0; i < voice.length; i++) {
    voice[i] = wet * (voice[i] as number) + (1 - wet) * (plain[i] as number);
  }
  joint?.pass(voice, isLate || breaksOff ? 0 : -1);
  breaksOff = isLate;
  recorded?.push(voice.slice());
  put(voice);
  report(performance.now() - began, isLate);
}

function report(milliseconds: number, isLate: boolean): void {
  if (isLate) pace.leftOut++;
  else pace.milliseconds.push(milliseconds);
  if (pace.milliseconds.length + pace.leftOut < REPORT_BLOCKS) return;
  self.postMessage({ type: 'pace', ...pace });
  Object.assign(pace, { milliseconds: [], leftOut: 0 });
}

function takeRecording(): void {
  const blocks = recorded ?? [];
  recorded = undefined;
  const samples = new Float32Array(blocks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const block of blocks) {
    samples.set(block, at);
    at += block.length;
  }
  const bytes = new Uint8Array(writeWav({ samples, sampleRate: stream?.sampleRate ?? 48000 }, 'wav16'));
  self.postMessage({ type: 'recording', bytes }, [bytes.buffer]);
}
