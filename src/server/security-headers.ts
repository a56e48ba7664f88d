import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** GraphiQL puts its styles into the document and compiles in workers; nothing else here does either. */
const editor = { styleSrc: ["'self'", "'unsafe-inline'"], workerSrc: ["'self'", 'blob:'] };

/** Nothing from anywhere else, and nobody may put it into a frame. */
const page = {
  defaultSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", 'data:'],
  fontSrc: ["'self'", 'data:'],
  objectSrc: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
};

/** For what is no document: a browser that takes it for one finds nothing to load or to run. */
const nothing = { defaultSrc: ["'none'"], frameAncestors: ["'none'"] };

const policies = { page, editor: { ...page, ...editor }, nothing };

/** For all answers. Whether a browser has to use TLS is for whoever provides it to say: the proxy. */
export function securityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: { useDefaults: false, directives: nothing },
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
  });
}

/** For documents and what they consist of, in place of the strictest one. */
export function contentSecurityPolicy(policy: keyof typeof policies): RequestHandler {
  return helmet.contentSecurityPolicy({ useDefaults: false, directives: policies[policy] });
}
