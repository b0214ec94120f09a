import { secureHeaders } from 'hono/secure-headers';

/**
 * The headers of every answer. COOP and COEP give the page SharedArrayBuffer, and so threads; the policy lets it run WebAssembly,
 * workers and sound from `blob:`, and nothing from elsewhere. Inline styles are allowed because components place things by them.
 */
export const securityHeaders = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'self'"],
    scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
    workerSrc: ["'self'", 'blob:'],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:', 'blob:'],
    mediaSrc: ["'self'", 'blob:'],
    fontSrc: ["'self'", 'data:'],
    connectSrc: ["'self'", 'blob:', 'data:'],
    objectSrc: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
  crossOriginOpenerPolicy: 'same-origin',
  crossOriginEmbedderPolicy: 'require-corp',
  crossOriginResourcePolicy: 'same-origin',
  // Browsers heed it over TLS alone. Subdomains are their owner's matter.
  strictTransportSecurity: 'max-age=15552000',
  referrerPolicy: 'same-origin',
  xFrameOptions: 'DENY',
  permissionsPolicy: { microphone: ['self'], camera: [], geolocation: [], payment: [], usb: [] },
});
