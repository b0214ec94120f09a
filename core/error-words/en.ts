import type { ErrorCode } from '../errors.ts';
import type { Words } from './details.ts';

export const english: Readonly<Record<ErrorCode, Words>> = {
  'audio-empty': () => ({ title: 'The audio file is empty', advice: 'Choose another file or record again.' }),
  'audio-format-unknown': () => ({
    title: 'This file is in no format that can be read',
    advice: 'Use a WAV, MP3, FLAC, M4A, AAC, OGG, Opus or WebM file.',
  }),
  'audio-corrupt': (details) => ({
    title: details.text('reason') === 'truncated' ? 'The audio file is cut off' : 'The audio file is damaged',
    advice: 'Download or export it again from the original, then retry.',
  }),
  'audio-rate-unsupported': (details) => ({
    title: `A sample rate of ${details.number('sampleRate')} Hz is not supported`,
    advice: `Use a file of ${details.number('minimum')} to ${details.number('maximum')} Hz.`,
  }),
  'audio-channels-unsupported': (details) => ({
    title: `A file of ${details.number('channels')} channels is not supported`,
    advice: `Mix it down to at most ${details.number('limit')} channels.`,
  }),
  'audio-too-short': (details) => ({
    title: 'The recording is too short',
    advice: `Use one of at least ${details.duration('minimum')}.`,
  }),
  'audio-too-long': (details) => ({
    title: `The recording is longer than ${details.duration('limit')}`,
    advice: 'Cut it into shorter pieces and convert them one by one.',
  }),
  'audio-too-large': (details) => ({
    title: `The file is larger than ${details.megabytes('limit')}`,
    advice: 'Compress it (MP3, Opus) or cut it into smaller files.',
  }),
  'audio-silent': () => ({
    title: 'Nothing can be heard in this recording',
    advice: 'Check the microphone and its level, then record again.',
  }),
  'audio-not-finite': () => ({
    title: 'The file holds invalid sample values',
    advice: 'Export it again from the recording software, best as 16 or 24 bit WAV.',
  }),
  'reference-no-speech': () => ({
    title: 'No speech was found in the sample recording',
    advice: 'Use a recording of one person who speaks clearly, with little music or noise.',
  }),
  'reference-too-short': (details) => ({
    title: 'The sample recording has too little speech',
    advice: details.has('limit')
      ? `At least ${details.duration('limit')} of speech are needed; 10 to 30 seconds work best.`
      : 'Use 10 to 30 seconds of clear speech.',
  }),
  'references-differ': (details) => ({
    title: `Sample recording ${details.number('reference')} sounds like another person`,
    advice: `Its similarity to the others is ${details.number('similarityPercent')} %, at least ${details.number('limitPercent')} % is asked for. Leave it out, or lower the threshold.`,
  }),
  'consent-missing': () => ({
    title: 'The owner of the voice has not agreed yet',
    advice: 'Ask the person whose voice this is, then mark that they agree.',
  }),
  'voice-corrupt': () => ({ title: 'The voice is damaged', advice: 'Make it again from its sample recording.' }),
  'voice-version-unknown': () => ({
    title: 'This voice was made by another version',
    advice: 'Update the program, or make the voice again from its sample recording.',
  }),
  'voice-engine-mismatch': () => ({
    title: 'This voice does not work with the chosen engine yet',
    advice: 'Make the voice again for that engine, or choose another engine.',
  }),
  'option-invalid': (details) => ({
    title: `The option “${details.text('field')}” is not valid`,
    advice:
      details.has('minimum') && details.has('maximum')
        ? `Its value must be from ${details.number('minimum')} to ${details.number('maximum')}.`
        : 'Check the name and value of this option.',
  }),
  'engine-unknown': () => ({ title: 'There is no such engine', advice: 'Choose an engine from the list.' }),
  'model-missing': () => ({
    title: 'A model file of the engine is missing',
    advice: 'Fetch the model: on the web page under Options, on the server with the command giong models.',
  }),
  'model-corrupt': () => ({
    title: 'A model file of the engine is damaged',
    advice: 'Download the model again, or tell your administrator.',
  }),
  'model-unsupported': () => ({
    title: 'This version cannot run a model file of the engine',
    advice: 'Update the program, or make the model again with the exporter of this version.',
  }),
  'memory-exhausted': () => ({
    title: 'There is not enough memory for this conversion',
    advice: 'Use shorter recordings, a smaller model (int8, or another engine), or a machine with more memory.',
  }),
  'download-failed': () => ({
    title: 'The model could not be downloaded',
    advice: 'Check the network and the address (MODELS_BASE_URL), then try again: what has come is kept.',
  }),
  'simd-missing': () => ({
    title: 'This browser cannot convert voices by itself',
    advice: 'Update the browser, or convert on the server.',
  }),
  'request-invalid': () => ({ title: 'The request is not valid', advice: 'Reload the page and try again.' }),
  unauthorized: () => ({
    title: 'The server does not know who asks',
    advice: 'Reload the page to begin a session, or send an access key along.',
  }),
  forbidden: () => ({
    title: 'This request is not allowed',
    advice: "Only this server's own page and the owner of the content can do that.",
  }),
  'not-found': () => ({ title: 'This was not found', advice: 'It may have been deleted, or it may have expired.' }),
  'result-not-ready': () => ({
    title: 'There is no result yet',
    advice: 'Wait until at least one recording is converted.',
  }),
  'upload-offset': (details) => ({
    title: 'This part does not follow what is here already',
    advice: `The server has ${details.number('received')} bytes: go on from there.`,
  }),
  'upload-locked': () => ({
    title: 'This file is being sent over another connection',
    advice: 'Wait until that connection ends, then go on.',
  }),
  'webhook-refused': () => ({
    title: 'This webhook address is not allowed',
    advice: 'Use a public http or https address; private networks must be allowed by the administrator.',
  }),
  busy: () => ({ title: 'The server is busy', advice: 'Try again in a few minutes.' }),
  'rate-limited': (details) => ({
    title: 'You have sent too many requests',
    advice: details.has('seconds') ? `Try again in ${details.duration('seconds')}.` : 'Try again in a few minutes.',
  }),
  'job-timeout': (details) => ({
    title: 'The conversion took too long and was stopped',
    advice: `Its limit was ${details.duration('limit')}. Try again when the server is less busy, or cut the recording.`,
  }),
  'data-in-use': (details) => ({
    title: `Another process uses the data at ${details.text('name')}`,
    advice:
      'Stop it first, choose another folder with --data, or set REDIS_URL so that several processes can share the work.',
  }),
  'redis-missing': () => ({
    title: 'A worker process needs Redis',
    advice:
      'Set REDIS_URL, REDIS_CLUSTER or REDIS_SENTINELS to the Redis of the servers. One machine alone needs only `giong serve`.',
  }),
  'queue-full': (details) => ({
    title: `You have too many unfinished jobs (limit: ${details.number('limit')})`,
    advice: 'Wait until earlier ones end, or cancel some, then try again.',
  }),
  'idempotency-busy': () => ({
    title: 'This request is being worked on',
    advice: 'Send it again in a moment to get the answer to the first one.',
  }),
  'idempotency-mismatch': () => ({
    title: 'This Idempotency-Key was used for another request',
    advice: 'Use a new key for each new request; repeat a key only with the very request that it belongs to.',
  }),
  'storage-full': () => ({
    title: 'There is no storage left',
    advice: 'Delete old files or results, then try again.',
  }),
  'storage-unavailable': () => ({
    title: 'The server cannot reach its storage right now',
    advice: 'Try again in a few minutes.',
  }),
  'quota-exceeded': (details) => ({
    title: `You have used ${details.megabytes('used')} of your ${details.megabytes('limit')}`,
    advice: 'Delete recordings, voices or results that you no longer need, then try again.',
  }),
  'in-use': () => ({
    title: 'This is in use right now',
    advice: 'Wait until the conversion has ended, or cancel it, then delete.',
  }),
  cancelled: () => ({ title: 'Cancelled', advice: 'You can start again at any time.' }),
  internal: () => ({
    title: 'Something unexpected went wrong',
    advice: 'Try again; if it stays, tell your administrator.',
  }),
};
